import { demoCommon, demoParameters, type Field } from '@connectorkit/harness/demo-values';
import { scopesOf, standIn } from '@connectorkit/harness/stand-in';
import type { Connection } from '@connectorkit/sdk';
import type { Context } from './command.ts';
import { askAt } from './harness-control.ts';
import type { LocalState } from './local-state/index.ts';
import { notRunning, runningHarness } from './running-harness.ts';

/** The harness's provider, which stands in for the vendor of a connection. */
export interface LocalProvider {
  /** The address of its harness, without a slash at the end. */
  readonly url: string;
  /** The harness's own clock. */
  readonly now: () => Date;
  /** Lets the provider know the scopes that a connection may ask for. */
  register(connection: Connection): Promise<void>;
  /** The connection with the provider's endpoints in the place of the vendor's. */
  standIn(connection: Connection): Connection;
  /** The values of `common`, with those of the provider's demo client for its id, its secret and its keys. */
  common(connection: Connection, given: Values | undefined): Promise<Values | undefined>;
  /** Values for the fields of a form: those of the provider's demo client, and of its demo user where one is needed. */
  parameters(connection: Connection, fields: readonly Field[]): Promise<Values>;
}

type Values = Readonly<Record<string, unknown>>;

/**
 * Finds the local provider of the harness that runs for a folder.
 * @throws ConnectorError network `harness/not-running`
 */
export async function localProvider({ send }: Pick<Context, 'send'>, state: LocalState): Promise<LocalProvider> {
  const harness = await runningHarness(send, state);
  if (harness === undefined) throw notRunning('The local provider is a part of the harness, and none is running.');
  const { url } = harness;
  const ask = askAt(send, url, harness.control);
  const { now } = await ask('GET', '/clock');
  const ahead = Date.parse(String(now)) - Date.now();
  const demoKey = async () => (await send({ method: 'GET', url: `${url}/provider/demo-key.pem`, headers: {} })).body;
  return {
    url,
    now: () => new Date(Date.now() + ahead),
    register: async (connection) => {
      const scopes = Object.fromEntries(scopesOf(connection).map((scope) => [scope, `Use ${scope}`]));
      if (Object.keys(scopes).length === 0) return;
      await ask('POST', '/seed', { platform: 'provider', text: JSON.stringify({ scopes }), file: 'the scopes' });
    },
    standIn: (connection) => standIn(connection, { server: url }),
    common: (connection, given) => demoCommon(connection, given, demoKey),
    parameters: (connection, fields) => demoParameters(connection, fields, demoKey),
  };
}
