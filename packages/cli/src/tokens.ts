import { ConnectorError } from '@connectorkit/sdk';
import type { Environment } from '@connectorkit/sdk/project';
import type { Context } from './command.ts';
import { credentialsOf } from './credentials.ts';
import { hostVariable, isNamed, isOwnZone, notForHost, refusePlainHttp, tokenVariable } from './hosts.ts';
import { HARNESS_FILE } from './local-state/index.ts';
import { platformOf } from './platforms.ts';
import { confirmHarness, type Harness } from './running-harness.ts';
import type { Destination, DestinationAddress } from './settings.ts';
import { type Asking, tokenFromFile } from './token-file.ts';

/** A token and where it came from, in words for people. */
type Grant = Pick<Destination, 'token' | 'source'>;

/** Parts of a project and its folder from which a token can be found. */
export interface Entry {
  /** The harness that is written down for the folder. */
  readonly harness?: Harness | undefined;
  /** The project's folder, absolute. */
  readonly folder: string;
}

/**
 * A place with the token that lets a command in there. A token is for a host: a project says where an origin is, but not
 * who is sent a token. Variables and token files count only for a host that somebody else names as well (`isNamed`), and
 * what `connector login` kept is for the address that it was kept for.
 * @throws ConnectorError auth `origin/no-token`, `origin/host` or `origin/token-file`, usage `origin/plain-http`; for the
 * harness on this machine, as confirmHarness does
 */
export async function admit(
  context: Pick<Context, 'send' | 'permit'> & Asking,
  place: DestinationAddress,
  { harness, folder }: Entry,
): Promise<Destination> {
  const { environment } = context;
  const variable = tokenVariable(place.name);
  if (place.local && harness !== undefined) {
    await confirmHarness(context.send, harness);
    // What is for all origins is some vendor's, and the harness would not know it.
    const own = environment[variable];
    return own ? { ...place, token: own, source: variable } : { ...place, token: harness.token, source: HARNESS_FILE };
  }
  refusePlainHttp(place);
  context.permit(place.url);
  const named = isNamed(place, environment);
  if (environment[variable] && !named)
    throw notForHost(place, `only the project’s files say that ${variable} is for it`);
  const grant =
    fromVariable(place, environment) ??
    fromCredentials(place, environment) ??
    (await tokenFromFile(context, place, { folder, named }));
  if (grant !== undefined) return { ...place, ...grant };
  throw noToken(place, named, environment);
}

/** The variable of the origin comes first; that for all origins is for the platforms' own addresses alone. */
function fromVariable(place: DestinationAddress, environment: Environment): Grant | undefined {
  const variables = [tokenVariable(place.name), ...(isOwnZone(place) ? ['CONNECTOR_TOKEN'] : [])];
  for (const source of variables) {
    const token = environment[source];
    if (token) return { token, source };
  }
  return undefined;
}

function fromCredentials(place: DestinationAddress, environment: Environment): Grant | undefined {
  const credentials = credentialsOf(environment);
  const token = credentials.token({ platform: platformOf(place).name, url: place.url });
  return token === undefined ? undefined : { token, source: credentials.file };
}

function noToken(
  { name, url, tokenFile }: DestinationAddress,
  named: boolean,
  { CONNECTOR_TOKEN }: Environment,
): ConnectorError {
  const file = tokenFile === undefined ? '' : `, and no file ${tokenFile}`;
  const unused = CONNECTOR_TOKEN ? '; CONNECTOR_TOKEN is for the platforms’ own addresses alone' : '';
  const host = named ? '' : ` with ${hostVariable(name)}=${new URL(url).host}`;
  return new ConnectorError('auth', {
    code: 'origin/no-token',
    message: `There is no token for ${JSON.stringify(name)}${file}${unused}.`,
    hint: `Log in with \`connector login --origin ${name}\`, or set ${tokenVariable(name)}${host}.`,
  });
}
