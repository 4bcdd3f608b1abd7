import {
  type Connection,
  ConnectorError,
  type Diagnostic,
  type Files,
  openProject,
  type Project,
} from '@connectorkit/sdk';
import { commonValues, connectionsOf } from '@connectorkit/sdk/project';
import {
  type Coverage,
  coverageOf,
  hiding,
  runTests,
  TEST_FILE,
  type TestResults,
  testFilesOf,
} from '@connectorkit/sdk/tests';
import type { Context } from './command.ts';

/** Selection of tests of a project. */
export interface Chosen {
  /** Ids of connections; all when it is undefined. */
  readonly connections: readonly string[] | undefined;
  /** Files of tests; all of the connections' when it is undefined. */
  readonly files?: readonly string[] | undefined;
  /** True if coverage is collected. */
  readonly coverage?: boolean;
  /** True if `update` and `refresh` will be called: what was run is kept to tell what has changed. */
  readonly watch?: boolean;
}

/** Results and coverage of the tests of a connection. */
export interface Tested {
  readonly connection: Connection;
  readonly results: TestResults;
  /** Undefined unless it is collected. */
  readonly coverage: Coverage | undefined;
}

/** Runs the tests of a project as often as it changes: what a change does not touch keeps its results. */
export class TestSession {
  readonly #context: Context;
  readonly #files: Files;
  readonly #chosen: Chosen;
  #project: Project;
  readonly #tested = new Map<string, Tested>();
  /** Errors for which a connection is not run, by its id. */
  readonly #errors = new Map<string, readonly Diagnostic[]>();
  readonly #seen = new Map<string, string>();

  constructor(context: Context, files: Files, chosen: Chosen) {
    this.#context = context;
    this.#files = files;
    this.#chosen = chosen;
    this.#project = openProject(files, { connections: [] });
  }

  /** In the project's order. */
  get tested(): readonly Tested[] {
    return this.#project.ids.flatMap((id) => this.#tested.get(id) ?? []);
  }

  /** Errors of the project itself, and of connections that cannot be read: they keep tests from being run. */
  get problems(): readonly Diagnostic[] {
    const own = this.#project.problems.filter(({ severity, connection }) => severity === 'error' && !connection);
    return [...own, ...this.#wanted().flatMap((id) => this.#errors.get(id) ?? [])];
  }

  get project(): Project {
    return this.#project;
  }

  /** True if no file of the connections was left out. */
  get isWhole(): boolean {
    return this.#chosen.files === undefined;
  }

  get watched(): readonly string[] {
    return this.#project.watched;
  }

  /** Runs all that was chosen. */
  async run(): Promise<void> {
    await this.#runAll(this.#wanted(), this.#chosen.files);
  }

  /** Runs what these files have to do with. @returns whether there was anything */
  async update(paths: Iterable<string>): Promise<boolean> {
    const changed = [...paths];
    this.#project = openProject(this.#files, { connections: [] });
    const touched = connectionsOf(this.#project, changed);
    const ids = this.#wanted().filter((id) => touched === 'all' || touched.includes(id));
    const stale = ids.filter((id) => this.#isOther(id));
    // Where nothing but tests changed, the others of the connection have their results.
    const onlyTests = touched !== 'all' && changed.every((path) => TEST_FILE.test(path));
    await this.#runAll(stale, onlyTests ? changed : undefined);
    const gone = [...this.#tested.keys()].filter((id) => !this.#project.ids.includes(id));
    for (const id of gone) this.#tested.delete(id);
    return stale.length + gone.length > 0;
  }

  /** Runs what is not what it was when it was run last: events may be lost. @returns whether there was anything */
  async refresh(): Promise<boolean> {
    return this.update([this.#project.manifest.file]);
  }

  #wanted(): readonly string[] {
    const { connections } = this.#chosen;
    const { ids } = this.#project;
    return connections === undefined ? ids : ids.filter((id) => connections.includes(id));
  }

  async #runAll(ids: readonly string[], files: readonly string[] | undefined): Promise<void> {
    for (const id of ids) {
      const part = this.#project.only([id]);
      const [connection] = part.connections;
      this.#errors.set(
        id,
        part.problems.filter((problem) => problem.severity === 'error' && problem.connection === id),
      );
      if (this.#chosen.watch) this.#seen.set(id, this.#printOf(part));
      if (connection === undefined) {
        this.#tested.delete(id);
        continue;
      }
      const before = this.#tested.get(id);
      const isPart = files !== undefined && before !== undefined;
      const ran = await this.#runOne(connection, isPart ? files : this.#chosen.files);
      this.#tested.set(id, isPart ? { ...ran, results: together(before.results, ran.results, files) } : ran);
    }
  }

  async #runOne(connection: Connection, files: readonly string[] | undefined): Promise<Tested> {
    const hide = hiding(connection, await this.#realValues(connection));
    const coverage = this.#chosen.coverage === true ? coverageOf(connection) : undefined;
    const results = await runTests(this.#project, connection, {
      ...(files === undefined ? {} : { files }),
      ...(hide === undefined ? {} : { hide }),
      clock: () => performance.now(),
      ended: (_, { run }) => coverage?.add(run),
    });
    return { connection, results, coverage };
  }

  /** Reads the real values that tests must not hold. Values that cannot be used are reported where they are used. */
  async #realValues(connection: Connection) {
    const { environment } = this.#context;
    let common: Readonly<Record<string, unknown>> | undefined;
    try {
      common = commonValues(this.#project, connection, environment);
    } catch (error) {
      if (!(error instanceof ConnectorError)) throw error;
    }
    const state = this.#context.state(this.#context.root());
    if (state.read('connected') === undefined) return { common };
    const { connectedStore } = await import('./local-state/connected.ts');
    const all = connectedStore(state, environment).all();
    const own = all.filter((each) => each.connection === connection.id && !each.local);
    return { common, connected: own.map(({ parameters, instance }) => ({ parameters, data: instance.data })) };
  }

  #isOther(id: string): boolean {
    return this.#printOf(this.#project.only([id])) !== this.#seen.get(id);
  }

  /** Returns a hash of all texts that decide how the tests of a connection go, which is the only one of the project. */
  #printOf({ connections, problems }: Project): string {
    const hash = process
      .getBuiltinModule('node:crypto')
      .createHash('sha256')
      .update(JSON.stringify([this.#project.manifest.text, problems]));
    for (const connection of connections) {
      const sections = Object.values(connection.sections).map(({ file, text }) => [file, text]);
      const tests = testFilesOf(this.#project, connection).names.map((file) => [file, this.#files.read(file)]);
      hash.update(JSON.stringify([connection.descriptor.text, sections, tests]));
    }
    return hash.digest('base64');
  }
}

/** Puts the results of some files in the place of those that they had. */
function together(before: TestResults, now: TestResults, files: readonly string[]): TestResults {
  const isOther = ({ file = '' }: { readonly file?: string }) => !files.includes(file);
  const byFile = <Item extends { readonly file?: string }>(items: readonly Item[]) =>
    items.toSorted((a, b) => ((a.file ?? '') < (b.file ?? '') ? -1 : (a.file ?? '') > (b.file ?? '') ? 1 : 0));
  return {
    connection: now.connection,
    files: [...new Set([...before.files.filter((file) => !files.includes(file)), ...now.files])].sort(),
    cases: byFile([...before.cases.filter(isOther), ...now.cases]),
    problems: byFile([
      ...before.problems.filter(({ file = '' }) => !files.includes(file) && TEST_FILE.test(file)),
      ...now.problems,
    ]),
  };
}
