import { createHash, randomBytes } from 'node:crypto';
import type { Connection } from '@connectorkit/sdk';
import { createTransport } from '@connectorkit/sdk/node';
import { errorsIn, prepare, type Runnable } from '@connectorkit/sdk/runtime';
import { storedConnection } from '@connectorkit/sdk/sync';
import type { PushedConnection } from '../emulator.ts';
import { demoCommon, demoParameters } from '../provider/demo-values.ts';
import { PROVIDER } from '../provider/endpoints.ts';
import { type Addresses, scopesOf, standIn } from '../provider/stand-in.ts';
import type { ConnectableConnection } from './instances.ts';
import type { Outside } from './outside.ts';

type Values = Readonly<Record<string, unknown>>;

/** A pushed connection, ready to be run with values. */
export interface Opened {
  /** Values for the form where the local provider stands in and users say no others. */
  readonly demo: Values;
  /** The scopes that it may ask for. */
  readonly scopes: readonly string[];
  /** @throws ConnectorError findings for errors in the sections and in the values */
  prepare(given: RunGiven): Runnable;
}

/** Values and surroundings of a run. */
export interface RunGiven {
  readonly parameters: Values;
  readonly redirectUri: string;
  readonly scopes: readonly string[];
  readonly now: () => Date;
  /** Stands between the run and the outside (default: nothing does). */
  readonly through?: (outside: Outside) => Outside;
}

/**
 * Opens a connection as it was pushed.
 * @param provider where the harness's own provider is, if it stands in for the vendor
 * @param signal ends what is sent
 */
export async function open(
  pushed: PushedConnection,
  provider: Addresses | undefined,
  signal: AbortSignal,
): Promise<Opened> {
  const declared = storedConnection(pushed);
  const given = objectIn(pushed.common);
  const scopes = scopesOf(declared);
  const chance = (bytes: number) => randomBytes(bytes);
  if (provider === undefined) {
    const transport = createTransport({ signal });
    return { demo: {}, scopes, prepare: preparing(declared, given, { chance, transport }) };
  }
  const connection = standIn(declared, provider);
  const demoKey = async () => (await fetch(`${provider.server}${PROVIDER.path}/demo-key.pem`, { signal })).text();
  const common = (await demoCommon(declared, given, demoKey)) ?? given;
  // The harness reaches itself, whichever proxy there is.
  const transport = createTransport({ signal, environment: {} });
  const demo = await demoParameters(declared, formOf(declared), demoKey);
  return { demo, scopes, prepare: preparing(connection, common, { chance, transport }) };
}

function preparing(connection: Connection, common: Values, world: Omit<Outside, 'now'>): Opened['prepare'] {
  return ({ through = (outside) => outside, now, ...options }) =>
    prepare(connection, { ...options, common, ...through({ ...world, now }) });
}

/** A pushed connection as it is told before it is connected. */
export function connectable(pushed: PushedConnection, redirectUri: string): ConnectableConnection {
  const { app, name, label, type } = pushed;
  const connection = storedConnection(pushed);
  const { value: api } = connection.sections.api ?? {};
  const scopes = connection.sections.scopes?.value;
  return {
    ...{ app, name, label, type, version: versionOf(pushed), form: formOf(connection) },
    scopes: Object.fromEntries(Object.entries(objectIn(scopes)).map(([scope, words]) => [scope, String(words)])),
    needsBrowser: Object.hasOwn(objectIn(api), 'authorize'),
    redirectUri,
    diagnostics: errorsIn(connection),
  };
}

/** Names the texts of the sections: the same texts have the same version. */
export function versionOf({ texts }: PushedConnection): string {
  const sorted = Object.entries(texts).sort(([one], [other]) => (one < other ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(sorted)).digest('hex').slice(0, 12);
}

/** The fields of the form; what was pushed is in the platform's form already. */
function formOf({ sections: { parameters } }: Connection): readonly Values[] {
  return Array.isArray(parameters?.value) ? parameters.value.map(objectIn) : [];
}

function objectIn(value: unknown): Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}
