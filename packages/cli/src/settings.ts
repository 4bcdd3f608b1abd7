import { ConnectorError, nearest, type Origin, type Project } from '@connectorkit/sdk';
import { urlOf } from './platforms.ts';
import { HARNESS_FILE, type Harness, notRunning } from './running-harness.ts';

/** Where a command talks to, and how it is let in. */
export interface Destination {
  readonly name: string;
  /** The name of the platform; where connections are defined when absent. */
  readonly platform?: string;
  /** The address as the project declares it, or that of the running harness. */
  readonly url: string;
  readonly token: string;
  /** Where the token came from, for people. */
  readonly source: string;
  /** Whether the url is that of the running harness, and so without the path of a platform's API. */
  readonly local: boolean;
  readonly app?: string;
  readonly version?: number;
  readonly ignored?: NonNullable<Origin['ignored']>;
  /** Connection id → remote name. */
  readonly connections?: Readonly<Record<string, string>>;
}

export interface OriginChoice {
  /** The value of --origin. */
  readonly flag?: string | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly project: Pick<Project, 'origins'>;
  /** The harness that is written down for the folder, when there is one. */
  readonly harness?: Harness | undefined;
  /** What other places say of a token, such as what somebody logged in with; asked in this order. */
  readonly keepers?: readonly TokenKeeper[] | undefined;
  /** Whether an origin's platform is one that the command can talk to; all are unless said. */
  readonly fits?: ((origin: Origin) => boolean) | undefined;
}

/** A place that may hold the token of an origin. */
export interface TokenKeeper {
  /** What people call it. */
  readonly name: string;
  token(origin: Origin, url: string): string | undefined;
}

const LOCAL = 'harness';

/** @throws ConnectorError auth `origin/no-token` */
export function withToken(destination: Place, choice: OriginChoice): Destination {
  const found = tokenFor(destination, choice);
  if (found !== undefined) return { ...destination, ...found };
  const { name } = destination;
  throw new ConnectorError('auth', {
    code: 'origin/no-token',
    message: `There is no token for ${JSON.stringify(name)}.`,
    hint: `Log in with \`connector login --origin ${name}\`, or set ${tokenVariable(name)}.`,
  });
}

/** Where a command talks to, whether or not it is let in. */
export type Place = Omit<Destination, 'token' | 'source'>;

/**
 * Where to talk to: the flag, or CONNECTOR_ORIGIN, or the project's only origin that fits, or the running harness.
 * @throws ConnectorError usage `origin/unknown` or `usage/missing`, network `harness/not-running`
 */
export function findOrigin(choice: OriginChoice): Place {
  const { flag, environment, project, harness, fits } = choice;
  const name = flag || environment.CONNECTOR_ORIGIN || onlyOrigin(project, fits);
  const origin = Object.hasOwn(project.origins, name) ? project.origins[name] : undefined;
  if (origin === undefined && name !== LOCAL) throw unknownOrigin(name, project);
  const url = origin === undefined ? undefined : urlOf(origin);
  if (url === undefined && harness === undefined) {
    throw notRunning(`No harness is running for ${JSON.stringify(name)}.`);
  }
  return { ...origin, name, url: (url ?? harness?.url ?? '').replace(/\/+$/, ''), local: url === undefined };
}

/**
 * The variable of the origin comes first. What is for all origins is never shown to a harness that has a token of its
 * own: it is some vendor's, and the harness would not know it.
 */
function tokenFor(
  { name, url, local, ...origin }: Place,
  { environment, harness, keepers = [] }: OriginChoice,
): Pick<Destination, 'token' | 'source'> | undefined {
  const own = local ? harness?.token : undefined;
  const variables = own === undefined ? [tokenVariable(name), 'CONNECTOR_TOKEN'] : [tokenVariable(name)];
  for (const variable of variables) {
    const token = environment[variable];
    if (token) return { token, source: variable };
  }
  if (own !== undefined) return { token: own, source: HARNESS_FILE };
  for (const keeper of keepers) {
    const token = keeper.token(origin, url);
    if (token) return { token, source: keeper.name };
  }
  return undefined;
}

/** The environment variable that holds the token of one origin: `make-eu` → `CONNECTOR_TOKEN_MAKE_EU`. */
export function tokenVariable(origin: string): string {
  return `CONNECTOR_TOKEN_${origin.toUpperCase().replace(/[^A-Z0-9]+/g, '_')}`;
}

function onlyOrigin({ origins }: Pick<Project, 'origins'>, fits: OriginChoice['fits'] = () => true): string {
  const fitting = Object.entries(origins).filter(([, origin]) => fits(origin));
  const [first, second] = fitting.map(([name]) => name).filter((name) => name !== LOCAL);
  if (second === undefined) return first ?? LOCAL;
  throw new ConnectorError('usage', {
    code: 'usage/missing',
    message: `The project has several origins, and none was chosen: ${fitting.map(([name]) => name).join(', ')}.`,
    hint: `Add --origin ${first}, or set CONNECTOR_ORIGIN.`,
  });
}

function unknownOrigin(name: string, { origins }: Pick<Project, 'origins'>): ConnectorError {
  const known = [...new Set([...Object.keys(origins), LOCAL])];
  const meant = nearest(name, known);
  return new ConnectorError('usage', {
    code: 'origin/unknown',
    message: `${JSON.stringify(name)} is not an origin of the project.`,
    hint: meant === undefined ? `Origins are ${known.join(', ')}.` : `Did you mean ${meant}?`,
    found: name,
    expected: known.join(', '),
  });
}
