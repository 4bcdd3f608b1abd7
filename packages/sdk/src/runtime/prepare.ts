import { wireOf } from '../authored.ts';
import { ConnectorError, type Diagnostic, type SeverityOverrides } from '../diagnostics.ts';
import type { IMLFunction } from '../iml/function.ts';
import type { EvaluationLimits } from '../iml/run.ts';
import type { JSONObject } from '../json.ts';
import { checkValues } from '../parameters/check-values.ts';
import type { Connection } from '../project/project.ts';
import { type AuthorizationKind, CREATE_TYPES } from '../sections/create-types.ts';
import { type SectionName, sectionNamed } from '../sections/index.ts';
import { applySeverityOverrides } from '../severity-overrides.ts';
import { suppressed } from '../suppression.ts';
import { checkConnection, errorsAmong } from '../validate.ts';
import { type Authorization, basic } from './basic.ts';
import { Failure } from './failure.ts';
import { type Instance, instanceOf, shownInstance } from './instance.ts';
import { LIMITS, type RunLimits } from './limits.ts';
import { oauth1 } from './oauth1.ts';
import type { Chance } from './oauth1-signature.ts';
import { oauth2 } from './oauth2.ts';
import type { Visit, World } from './records.ts';
import { Run } from './run.ts';
import { knownSecrets, type Secrets } from './secrets.ts';
import type { RunName, Trace } from './trace.ts';
import { problemIn, problemOf, traceOf } from './tracing.ts';
import type { Transport } from './transport.ts';

/**
 * Options with which a connection is run. The sdk has no clock, no chance and no network of its own: they are given
 * here.
 */
export interface PrepareOptions {
  /** Values of the form, by the names of its fields. Defaults take the place of what is left out. */
  readonly parameters?: JSONObject;
  /** The values of `common`. */
  readonly common?: JSONObject;
  /** Scopes that are asked for beside those of the section `scope`. */
  readonly scopes?: readonly string[];
  /** Where providers send the browser back to: all variables `oauth.…RedirectUri` have this value. */
  readonly redirectUri: string;
  /** Sends requests. */
  readonly transport: Transport;
  readonly now: () => Date;
  /** Random bytes, good enough for secrets. */
  readonly chance: Chance;
  /** The IANA name of the time zone that dates are read and written in; UTC by default. */
  readonly timezone?: string;
  /** Functions of the app's own. */
  readonly functions?: ReadonlyMap<string, IMLFunction>;
  /** Limits that replace Make's. */
  readonly limits?: Partial<RunLimits>;
  /** Limits of one expression. */
  readonly evaluation?: EvaluationLimits;
  /** The severities that the project gives to rules. */
  readonly rules?: SeverityOverrides;
}

/** How a run ended: with what is now stored, or with a problem. The trace tells what happened until then. */
export type Outcome =
  | { readonly instance: Instance; readonly trace: Trace; readonly problem?: undefined; readonly renewed?: undefined }
  | {
      readonly problem: Diagnostic;
      readonly trace: Trace;
      readonly instance?: undefined;
      /** The instance with new tokens, where a step after their refresh failed: the old ones may have ended. */
      readonly renewed?: Instance;
    };

/** A connection that can be run. What is wrong with the world becomes a problem in the outcome, and is never thrown. */
export interface Runnable {
  /**
   * Makes a connection of the values. `visit` takes the browser to the provider; a ConnectorError that it throws becomes
   * the problem. It is called only where the section has a step `authorize`.
   */
  connect(visit?: Visit): Promise<Outcome>;
  /** Proves that an instance still holds; it is refreshed before, where that is due. */
  verify(instance: Instance): Promise<Outcome>;
  /** Refreshes an instance before it is used, if its condition is true; otherwise it stays as it is. */
  refresh(instance: Instance): Promise<Outcome>;
  /** Takes back at the vendor's what the instance was granted. What is stored of it is left to the caller. */
  invalidate(instance: Instance): Promise<Outcome>;
  /** Returns the part of an instance that may be seen: of what it stores the names, dates and booleans, and nothing that is known to be secret. */
  shown(instance: Instance): Instance;
  /**
   * The values that are known to be secret before anything runs, with those that an instance stores: for what else
   * writes down the requests.
   */
  secrets(instance?: Instance): readonly string[];
}

const AUTHORIZATIONS: Readonly<Record<AuthorizationKind, Authorization>> = { basic, oauth2, oauth1 };

/**
 * Makes a connection ready to be run: its sections are validated, and the values are checked against its form.
 * @throws ConnectorError findings for each error in the sections, and for each value that the form does not take;
 * `project/missing-section` when there is nothing to run
 * @example
 * const { instance, problem, trace } = await prepare(connection, options).connect();
 */
export function prepare(connection: Connection, options: PrepareOptions): Runnable {
  return runnable(worldOf(declarationOf(connection, options.rules), options));
}

/** Values of the sections of a connection, once they were found to be right. */
export interface Declaration {
  readonly connection: Connection;
  /** The values of its sections, as they are pushed; undefined where there is none. */
  readonly api: unknown;
  readonly form: unknown;
  readonly scope: unknown;
  readonly schema: unknown;
}

/** @throws ConnectorError findings as `prepare` does for the sections */
export function declarationOf(connection: Connection, rules: SeverityOverrides = new Map()): Declaration {
  stop(errorsIn(connection, rules));
  // What a comment or the project allows is run as it is.
  const [api, form, scope, schema] = (['api', 'parameters', 'scope', 'common'] as const).map((name) =>
    valueIn(connection, name),
  );
  return { connection, api, form, scope, schema };
}

/** Makes the context of runs, of a declaration and of options. @throws ConnectorError findings as `prepare` does for the values */
export function worldOf({ connection, api, form, scope, schema }: Declaration, options: PrepareOptions): World {
  const { problems: faults, values: parameters } = checkValues(form ?? [], options.parameters ?? {});
  stop(
    faults.map(({ severity, code, message, path, expected }) => ({
      severity,
      code,
      message,
      path,
      expected,
      connection: connection.id,
    })),
  );
  const common = options.common ?? {};
  const { transport, chance, redirectUri, now, timezone = 'UTC', functions, limits, evaluation, scopes = [] } = options;
  return {
    ...{ connection, api, parameters, common, redirectUri, transport, chance },
    scope: [...new Set([...(Array.isArray(scope) ? scope.map(String) : []), ...scopes])],
    environment: { timezone },
    given: {
      ...{ now, timezone, ...randomness(chance) },
      ...(functions === undefined ? {} : { functions }),
      ...(evaluation === undefined ? {} : { limits: evaluation }),
    },
    limits: { ...LIMITS, ...limits },
    secrets: (stand) => knownSecrets({ form, parameters, schema, common }, stand),
  };
}

/** The errors in the sections of a connection, for which it is not run; `project/missing-section` when there is nothing to run. */
export function errorsIn(connection: Connection, rules: SeverityOverrides = new Map()): readonly Diagnostic[] {
  return problemsIn(connection, rules).filter(({ severity }) => severity === 'error');
}

/** All that is wrong with the sections of a connection, be it run in spite of that or not. */
export function problemsIn(connection: Connection, rules: SeverityOverrides = new Map()): readonly Diagnostic[] {
  if (connection.sections.api === undefined) return [nothingToRun(connection)];
  const { problems } = checkConnection(connection, errorsAmong(rules));
  const found = suppressed(problems, Object.values(connection.sections));
  return applySeverityOverrides(found, rules).map((problem) => ({ ...problem, connection: connection.id }));
}

function nothingToRun({ id, descriptor }: Connection): Diagnostic {
  return {
    code: 'project/missing-section',
    severity: 'error',
    message: `${id} has no section api, so there is nothing to run.`,
    hint: 'Write the section, or pull it from the platform.',
    connection: id,
    file: descriptor.file,
  };
}

/** Returns the value of a section as it is pushed; undefined when there is none. */
export function valueIn({ type, sections }: Connection, name: SectionName): unknown {
  const [section, source] = [sectionNamed(name), sections[name]];
  return section === undefined || source === undefined ? undefined : wireOf(section, type, source).value;
}

function stop(problems: readonly Diagnostic[]): void {
  const errors = problems.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) throw new ConnectorError('findings', errors);
}

function runnable(world: World): Runnable {
  return {
    connect: (visit) => outcomeOf('connect', world, undefined, visit),
    verify: (instance) => outcomeOf('verify', world, instance),
    refresh: (instance) => outcomeOf('refresh', world, instance),
    invalidate: (instance) => outcomeOf('invalidate', world, instance),
    shown: (instance) => shownInstance(instance, secretsOf(world, instance)),
    secrets: (instance) => secretsOf(world, instance).values(),
  };
}

function secretsOf({ secrets: known }: World, instance: Instance | undefined): Secrets {
  const secrets = known();
  secrets.addNamed(instance?.data, 'data');
  return secrets;
}

const nowhere: Visit = () => {
  throw new Error('The section has a step authorize, so connect requires a function that opens a browser.');
};

/**
 * Runs a connection to its end, whatever that is: the records of the run say how it went, with its secrets.
 * @returns the run, and whether it came to its end without a problem
 */
export async function execute(
  name: RunName,
  world: World,
  instance?: Instance,
  visit: Visit = nowhere,
): Promise<{ readonly run: Run; readonly isDone: boolean }> {
  const authorization = AUTHORIZATIONS[CREATE_TYPES[world.connection.type].kind];
  const run = new Run(name, world, instance);
  try {
    await (name === 'connect' ? authorization.connect(run, visit) : authorization[name](run));
    return { run, isDone: true };
  } catch (error) {
    if (!(error instanceof Failure || error instanceof ConnectorError) || problemOf(run) === undefined) throw error;
    return { run, isDone: false };
  }
}

async function outcomeOf(name: RunName, world: World, instance?: Instance, visit?: Visit): Promise<Outcome> {
  const { run, isDone } = await execute(name, world, instance, visit);
  if (isDone) return traced({ instance: instanceOf(run.stored) }, run);
  const renewed = run.settled === undefined ? {} : { renewed: run.settled };
  return traced({ problem: problemIn(run) as Diagnostic, ...renewed }, run);
}

/** A trace costs more than all else that a run does by itself, and many are never looked at: it is made when one is. */
function traced<End extends Partial<Omit<Outcome, 'trace'>>>(end: End, run: Run): End & { readonly trace: Trace } {
  const ended = run.now();
  let made: Trace | undefined;
  return {
    ...end,
    get trace() {
      made ??= traceOf(run, ended, end.problem);
      return made;
    },
  };
}

/** Numbers and identifiers of the random bytes that are given. */
function randomness(chance: Chance): { random(): number; uuid(): string } {
  return {
    random: () => Buffer.from(chance(4)).readUInt32BE() / 2 ** 32,
    uuid: () => {
      const bytes = Buffer.from(chance(16));
      // Version 4, variant 1: RFC 9562, section 5.4.
      bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x40, 6);
      bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
      return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
    },
  };
}
