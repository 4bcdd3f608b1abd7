import type {
  ConnectableConnection,
  ConnectInstanceOptions,
  ConnectionInstance,
  InstanceOutcome,
  InstanceTrace,
  ReauthorizeOptions,
} from '@connectorkit/harness';
import { ConnectorError, type Diagnostic, openProject } from '@connectorkit/sdk';
import { connectionsNamed } from '@connectorkit/sdk/project';
import type { Context } from './command.ts';
import { accepted, exchangeAt } from './harness-control.ts';
import { choiceOf } from './origins.ts';
import { platformOf } from './platforms.ts';
import { onlyId } from './run-connection.ts';
import { notRunning, runningHarness } from './running-harness.ts';
import { type DestinationAddress, findOrigin } from './settings.ts';

/** Result of a run in the harness: a trace, or an address that a browser has to go to. */
export type HarnessOutcome = InstanceOutcome;

/** The connections that run in a harness, of the sections as they were pushed to it. */
export interface HarnessInstances {
  /** The options with which a command uses this harness. */
  readonly flags: string;
  /** The name that the harness gave to a connection of the project. @throws ConnectorError usage `sync/not-pushed` */
  nameFor(id: string | undefined): { readonly id: string; readonly name: string };
  /** The id in the project of a connection that the harness calls so; the name itself when it is no longer known. */
  idFor(name: string): string;
  connectable(name: string): Promise<ConnectableConnection>;
  connect(name: string, options: ConnectInstanceOptions): Promise<HarnessOutcome>;
  reauthorize(id: string, options: ReauthorizeOptions): Promise<HarnessOutcome>;
  list(): Promise<readonly ConnectionInstance[]>;
  /** @param wait seconds that a browser may take to come back before it is answered */
  get(id: string, wait?: number): Promise<ConnectionInstance>;
  run(id: string, action: 'verify' | 'refresh' | 'invalidate'): Promise<HarnessOutcome>;
  trace(id: string): Promise<InstanceTrace | undefined>;
  delete(id: string): Promise<void>;
  /** Has the harness wait for the browser no longer, also when the command was interrupted. */
  abandon(id: string): Promise<void>;
}

/** The members of what is answered, each by some requests. */
interface Answers {
  readonly connection: ConnectableConnection;
  readonly instance: ConnectionInstance;
  readonly instances: readonly ConnectionInstance[];
  readonly trace: InstanceTrace | null;
}

const ORIGIN = 'harness';

/** Which harness is used. */
export interface HarnessChoice {
  /** Name of an origin of the project, which is a harness that is shared; that of the folder when it is undefined. */
  readonly origin: string | undefined;
  /** True if the command reads something else from stdin than a token. */
  readonly stdinIsTaken?: boolean;
}

/**
 * Finds the harness that runs for the folder, or the one at an origin of the project.
 * @throws ConnectorError network `harness/not-running`; as remoteHarness does; from what it gives, what the harness refuses
 */
export async function harnessInstances(context: Context, choice: HarnessChoice): Promise<HarnessInstances> {
  const { origin = ORIGIN } = choice;
  const folder = context.root();
  const project = openProject(context.files(folder));
  const { origins, problems, manifest } = project;
  const found = () => findOrigin(choiceOf(context, { origins, problems, manifest, folder }, origin));
  const { exchange, last } =
    origin === ORIGIN ? await ownExchange(context, folder) : await sharedExchange(context, found(), choice);
  const place = found();
  const base = `/platforms/${platformOf(place).name}`;
  const ask = async (method: string, path: string) =>
    accepted(method, path, await exchange(method, `${base}${path}`)) as unknown as Answers;
  const run = async (path: string, body?: object): Promise<HarnessOutcome> => {
    const answered = await exchange('POST', `${base}${path}`, body);
    const { trace, diagnostics, ...others } = answered.answer ?? {};
    if (answered.status !== 422 || trace === undefined) return accepted('POST', path, answered);
    // What went wrong in a run is told with its trace.
    const [problem] = diagnostics as readonly Diagnostic[];
    return { ...others, trace, problem } as HarnessOutcome;
  };
  const instanceAt = (id: string) => `/instances/${encodeURIComponent(id)}`;
  return {
    flags: origin === ORIGIN ? '--harness' : `--harness --origin ${origin}`,
    nameFor: (given) => {
      const id = given ?? onlyId(project);
      connectionsNamed(project, [id]);
      const name = place.connections?.[id];
      if (name === undefined) throw notPushed(id, origin);
      return { id, name };
    },
    idFor: (name) => Object.entries(place.connections ?? {}).find(([, each]) => each === name)?.[0] ?? name,
    connectable: async (name) => (await ask('GET', `/connections/${encodeURIComponent(name)}`)).connection,
    connect: (name, options) => run(`/connections/${encodeURIComponent(name)}/instances`, options),
    reauthorize: (id, options) => run(`${instanceAt(id)}/reauthorize`, options),
    list: async () => (await ask('GET', '/instances')).instances,
    get: async (id, wait = 0) => (await ask('GET', `${instanceAt(id)}?wait=${wait}`)).instance,
    run: (id, action) => run(`${instanceAt(id)}/${action}`),
    trace: async (id) => (await ask('GET', `${instanceAt(id)}/trace`)).trace ?? undefined,
    delete: async (id) => void (await ask('DELETE', instanceAt(id))),
    abandon: async (id) => void (await last('DELETE', `${base}${instanceAt(id)}/authorization`)),
  };
}

/** The way to the API of a harness; `last` is there also when the command was interrupted. */
interface Ways {
  readonly exchange: ReturnType<typeof exchangeAt>;
  readonly last: ReturnType<typeof exchangeAt>;
}

async function ownExchange(context: Context, folder: string): Promise<Ways> {
  const harness = await runningHarness(context.send, context.state(folder));
  if (harness === undefined) throw notRunning('No harness is running for this folder.');
  const { url, control } = harness;
  return { exchange: exchangeAt(context.send, url, control), last: exchangeAt(context.sendLast, url, control) };
}

async function sharedExchange(
  context: Context,
  { url }: DestinationAddress,
  { stdinIsTaken }: HarnessChoice,
): Promise<Ways> {
  const { remoteHarness } = await import('./remote-harness.ts');
  return remoteHarness(context, new URL(url).origin, stdinIsTaken);
}

function notPushed(id: string, origin: string): ConnectorError {
  const dev = origin === ORIGIN ? '`connector dev`' : `\`connector dev --origin ${origin}\``;
  return new ConnectorError('usage', {
    code: 'sync/not-pushed',
    message: `${id} was never pushed to the harness, so it cannot run there.`,
    hint: `Run ${dev}, which pushes on every save, or \`connector push --origin ${origin}\`.`,
  });
}
