import { ConnectorError, nearest, type Project } from '@connectorkit/sdk';
import { checkManifest, type Origin } from '@connectorkit/sdk/project';
import { urlOf } from './platforms.ts';
import { type Harness, notRunning } from './running-harness.ts';

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
  /** True if the url is that of the running harness, and so without the path of a platform's API. */
  readonly local: boolean;
  /** True if the address was given on the command line, and not by the project. */
  readonly typed?: boolean;
  /** A file that holds the token, relative to the project or absolute, as the project says. */
  readonly tokenFile?: string;
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
  readonly project: Pick<Project, 'origins'> & Partial<Pick<Project, 'problems' | 'manifest'>>;
  /** The harness that is written down for the folder, when there is one. */
  readonly harness?: Harness | undefined;
  /** True if an origin's platform is one that the command can talk to (default: all are). */
  readonly fits?: ((origin: Origin) => boolean) | undefined;
}

const LOCAL = 'harness';

/** Where a command talks to, whether or not it is let in. */
export type DestinationAddress = Omit<Destination, 'token' | 'source'>;

/**
 * Where to talk to: the flag, or CONNECTOR_ORIGIN, or the project's only origin that fits, or the running harness.
 * @throws ConnectorError usage `origin/unknown` or `usage/missing`, network `harness/not-running`
 */
export function findOrigin(choice: OriginChoice): DestinationAddress {
  const { flag, environment, project, harness, fits } = choice;
  checkManifest({ problems: project.problems ?? [] });
  const name = flag || environment.CONNECTOR_ORIGIN || onlyOrigin(project, fits);
  const origin = Object.hasOwn(project.origins, name) ? project.origins[name] : undefined;
  if (origin === undefined && name !== LOCAL) throw unknownOrigin(name, project);
  if (origin?.unusable !== undefined) throw new ConnectorError('usage', origin.unusable);
  const url = origin === undefined ? undefined : urlOf(origin, project.manifest?.file);
  if (url === undefined && harness === undefined) {
    throw notRunning(`No harness is running for ${JSON.stringify(name)}.`);
  }
  return { ...origin, name, url: (url ?? harness?.url ?? '').replace(/\/+$/, ''), local: url === undefined };
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
