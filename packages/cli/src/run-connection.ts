import { randomBytes } from 'node:crypto';
import { type Connection, ConnectorError, openProject, type Project, type SeverityOverrides } from '@connectorkit/sdk';
import { createTransport } from '@connectorkit/sdk/node';
import { commonValues, connectionsNamed } from '@connectorkit/sdk/project';
import { type PrepareOptions, prepare, type Runnable, type Transport } from '@connectorkit/sdk/runtime';
import type { Capture } from '@connectorkit/sdk/tests';
import type { Context } from './command.ts';
import { type LocalProvider, localProvider } from './local-provider.ts';

/** Options with which a connection of the project is run. */
export interface RunOptions {
  /** The id of the connection; the only one when it is undefined. */
  readonly id: string | undefined;
  /** True if the harness's local provider stands in for the vendor. */
  readonly local: boolean;
}

/** A connection of the project, ready to be run with values. */
export interface RunnableConnection {
  readonly connection: Connection;
  readonly provider: LocalProvider | undefined;
  readonly now: () => Date;
  /** True if it has a step in which a browser goes to the provider. */
  readonly needsBrowser: boolean;
  /** The severities that the project gives to rules. */
  readonly rules: SeverityOverrides;
  /**
   * @param capture keeps what the run is given and answered, for a recording
   * @throws ConnectorError findings for errors in the sections and in the values
   */
  prepare(
    values: {
      readonly parameters: Readonly<Record<string, unknown>>;
      readonly redirectUri: string;
      readonly scopes?: readonly string[];
    },
    capture?: Capture,
  ): Runnable;
}

/**
 * Opens a connection of the project to be run.
 * @throws ConnectorError usage `usage/missing` when there are several and none was named, or
 * `project/unknown-connection`; network `harness/not-running`; findings for values of `common`
 */
export async function openRunnable(context: Context, { id, local }: RunOptions): Promise<RunnableConnection> {
  const root = context.root();
  const project = openProject(context.files(root));
  const declared = connectionsNamed(project, [id ?? onlyId(project)])[0] as Connection;
  const provider = local ? await localProvider(context, context.state(root)) : undefined;
  await provider?.register(declared);
  const connection = provider?.standIn(declared) ?? declared;
  const common = await commonOf(context, project, declared, provider);
  const now = provider?.now ?? (() => new Date());
  const { value: api } = declared.sections.api ?? {};
  return {
    connection: declared,
    provider,
    now,
    needsBrowser: typeof api === 'object' && api !== null && Object.hasOwn(api, 'authorize'),
    rules: project.rules,
    prepare: ({ parameters, redirectUri, scopes = [] }, capture) => {
      const options: PrepareOptions = {
        ...{ parameters, redirectUri, scopes, now },
        ...(common === undefined ? {} : { common }),
        transport: transportOf(context),
        chance: (bytes) => randomBytes(bytes),
        rules: project.rules,
      };
      return prepare(connection, capture === undefined ? options : capture.around(options));
    },
  };
}

function transportOf({ signal, environment, permit }: Context): Transport {
  const transport = createTransport({ signal, environment });
  return async (call) => {
    permit(call.url);
    return transport(call);
  };
}

/** The local provider's client takes the place of one that nobody has given yet. */
async function commonOf(
  { environment }: Context,
  project: Project,
  connection: Connection,
  provider: LocalProvider | undefined,
): Promise<Readonly<Record<string, unknown>> | undefined> {
  if (provider === undefined) return commonValues(project, connection, environment);
  return provider.common(connection, givenValues(project, connection, environment));
}

/** The values of `common`, as far as there are any yet. */
function givenValues(project: Project, connection: Connection, environment: Context['environment']) {
  try {
    return commonValues(project, connection, environment);
  } catch (error) {
    if (!(error instanceof ConnectorError) || error.diagnostics.some(({ code }) => code !== 'value/missing'))
      throw error;
    return undefined;
  }
}

/** @throws ConnectorError usage `usage/missing` when there are several, or none */
export function onlyId({ ids, problems }: Pick<Project, 'ids' | 'problems'>): string {
  const [first, second] = ids;
  if (first !== undefined && second === undefined) return first;
  throw new ConnectorError('usage', {
    code: 'usage/missing',
    message:
      first === undefined
        ? 'The project has no connection.'
        : `The project has several connections: ${ids.join(', ')}.`,
    hint:
      first === undefined
        ? (problems.find(({ code }) => code === 'project/no-connections')?.hint ??
          'Create one first with `connector add`.')
        : `Name one, as in \`connector connect ${first}\`.`,
  });
}
