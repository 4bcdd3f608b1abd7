import {
  type Connection,
  ConnectorError,
  checkValues,
  type Diagnostic,
  openProject,
  SECTIONS,
} from '@connectorkit/sdk';
import { connectionsNamed, wireOf } from '@connectorkit/sdk/project';
import type { Context } from './command.ts';

type Values = Readonly<Record<string, unknown>>;

/** The form that a connection of the project declares for its users. */
export interface Form {
  readonly connection: string;
  /** Values with their defaults. Whoever is there is asked for them when none are given. */
  fill(context: Pick<Context, 'ask' | 'terminal'>, given: Values | undefined): Promise<Values | undefined>;
  /** The values of a change, which need not be all of them. @throws ConnectorError findings, which tell no value */
  change(given: Values): Values;
}

/**
 * The form of a connection, by which its users' values are asked for and checked before a platform sees them.
 * @throws ConnectorError usage `project/not-found` or `project/unknown-connection`
 */
export function formOf(context: Context, id: string): Form {
  const project = openProject(context.files(context.root()));
  const [connection] = connectionsNamed(project, [id]);
  const fields = connection === undefined ? [] : fieldsOf(connection);
  const checked = (given: Values, partial: boolean): Values => {
    const { problems, values } = checkValues(fields, given);
    const reported = problems.filter(
      ({ code, severity }) => severity === 'error' && !(partial && code === 'value/missing'),
    );
    if (reported.length > 0)
      throw new ConnectorError(
        'findings',
        reported.map((problem) => diagnosticOf(problem, id)),
      );
    return partial ? given : values;
  };
  return {
    connection: id,
    fill: async ({ ask, terminal }, given) => {
      if (given !== undefined) return checked(given, false);
      return terminal.interactive ? checked(await asked(ask, fields), false) : undefined;
    },
    change: (given) => checked(given, true),
  };
}

function diagnosticOf(
  { code, message, expected, path }: ReturnType<typeof checkValues>['problems'][number],
  id: string,
): Diagnostic {
  const hint = `The form is that of the connection ${id}; values are not shown.`;
  return { code, severity: 'error', message, hint, expected, path };
}

/** The fields that a connection's users fill in, as the platform has them. */
export function fieldsOf(connection: Connection): readonly Field[] {
  return SECTIONS.flatMap((section) => {
    const source = connection.sections[section.name];
    if (source === undefined || !('asks' in section) || section.asks !== 'user') return [];
    const { value } = wireOf(section, connection.type, source);
    return Array.isArray(value) ? value : [];
  });
}

/** A field of a form, as far as it is asked for. */
export interface Field {
  readonly name?: unknown;
  readonly label?: unknown;
  readonly type?: unknown;
  readonly required?: unknown;
  readonly options?: unknown;
}

const SECRET: ReadonlySet<unknown> = new Set(['password', 'pkey', 'cert']);

/** Asks for each field that has a name and takes one value; what is nested is given in a file. */
export async function asked(ask: Context['ask'], fields: readonly Field[]): Promise<Values> {
  const values: Record<string, unknown> = {};
  for (const { name, label, type, required, options } of fields) {
    if (typeof name !== 'string' || type === 'collection' || type === 'array') continue;
    const message = typeof label === 'string' ? label : name;
    const flag = '--input';
    if (SECRET.has(type)) {
      const answer = await ask.secret({ message, flag });
      if (answer !== '') values[name] = answer;
    } else if (type === 'boolean') values[name] = await ask.confirm({ message, flag });
    else if (Array.isArray(options) && options.length > 0) {
      const choices = options.map((option) => ({
        value: String(option.value),
        label: String(option.label ?? option.value),
      }));
      values[name] = await ask.choose({ message, flag, choices });
    } else if (required === true) values[name] = await ask.text({ message, flag });
  }
  return values;
}
