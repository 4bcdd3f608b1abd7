import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { ConnectorError, type Diagnostic } from '@connectorkit/sdk';
import { type FileChange, writeAll } from '@connectorkit/sdk/project';
import { differenceOf } from '@connectorkit/sdk/sync';
import { coverageLines, lcovOf, TEST_FILE, updatesOf } from '@connectorkit/sdk/tests';
import { chooseConnections } from '../chosen-connections.ts';
import type { Arguments, Context, Result, Run } from '../command.ts';
import { type Exclusive, refuseExclusive } from '../exclusive-options.ts';
import { plural } from '../output/text.ts';
import { type Chosen, TestSession } from '../test-session.ts';
import type { test as command } from './test.ts';

type Args = Arguments<typeof command>;

export const run: Run<typeof command> = async (context, args) => {
  checkTogether(args);
  const { nothing, ...chosen } = await chosenTests(context, args);
  if (nothing !== undefined) return { data: { passed: 0, failed: 0, cases: [] }, summary: nothing };
  const coverage = args.coverage || args.lcov !== undefined;
  const session = new TestSession(context, context.files(context.root()), { ...chosen, coverage, watch: args.watch });
  if (args.watch) return watchTests(context, args, session);
  await session.run();
  const updated = args.update ? await updateTests(context, args, session, chosen) : undefined;
  if (updated?.isWritten === true) await session.run();
  const result = resultOf(session, args);
  if (args.lcov !== undefined) writeCoverage(context, args.lcov, session);
  if (updated === undefined) return result;
  return {
    ...result,
    lines: [...updated.lines, ...(result.lines ?? [])],
    differences: true,
    data: { ...(result.data as object), updated: updated.files, written: updated.isWritten },
    summary: `${updated.summary} ${result.summary}`,
    next: updated.files.length === 0 || updated.isWritten ? [] : ['connector test --update --yes'],
  };
};

/** Pairs of options that exclude each other. */
const APART: Exclusive<Args> = [
  ['watch', 'update'],
  ['watch', 'changed'],
  ['watch', 'lcov'],
];

function checkTogether(args: Args): void {
  refuseExclusive('test', args, APART);
  if (!args.yes || args.update) return;
  const hint = '`connector test --help` describes them.';
  throw new ConnectorError('usage', { code: 'usage/arguments', message: '--yes needs --update.', hint });
}

/** Chooses the tests that were named and, with --changed, are among what git says changed; `nothing` says why there are none. */
async function chosenTests(context: Context, args: Args): Promise<Chosen & { readonly nothing?: string }> {
  const { connections, changes } = await chooseConnections(context, args);
  if (changes === undefined) return { connections };
  const { paths, project } = changes;
  const own = paths.filter((path) => [project.ownerOf(path)].flat().some((id) => connections?.includes(id)));
  const files = own.every((path) => TEST_FILE.test(path)) ? { files: own } : {};
  const named = args.connections.length === 0 ? 'a connection' : args.connections.join(' or ');
  const nothing = `Nothing that belongs to ${named} changed since ${args.changed}.`;
  return { connections, ...files, ...(connections?.length === 0 ? { nothing } : {}) };
}

function resultOf(session: TestSession, { strict, coverage }: Args): Result {
  const { tested } = session;
  const cases = tested.flatMap(({ results }) => results.cases);
  const found = tested.flatMap(({ results }) => [
    ...results.problems,
    ...results.cases.flatMap((each) => each.problems),
  ]);
  const all = [...session.problems, ...found, ...withoutTests(session)];
  const diagnostics = strict ? all.map((each) => (each.severity === 'warning' ? asError(each) : each)) : all;
  const failed = cases.filter(({ problems }) => problems.length > 0).length;
  const files = tested.reduce((sum, { results }) => sum + results.files.length, 0);
  const covered = coverage ? tested.flatMap((each) => each.coverage ?? []) : [];
  return {
    diagnostics,
    cases,
    subjects: tested.map(({ connection }) => connection.id),
    lines: covered.flatMap(coverageLines),
    data: {
      connections: tested.map(({ connection }) => connection.id),
      passed: cases.length - failed,
      failed,
      cases: tested.flatMap(({ connection, results }) =>
        results.cases.map(({ name, file, milliseconds, problems }) => ({
          ...{ connection: connection.id, file, name, milliseconds },
          passed: problems.length === 0,
        })),
      ),
      ...(coverage ? { coverage: covered.map((each) => ({ connection: each.connection.id, ...each.report() })) } : {}),
    },
    summary: summaryOf(cases.length, failed, files, tested.length, diagnostics),
  };
}

function summaryOf(
  count: number,
  failed: number,
  files: number,
  connections: number,
  diagnostics: readonly Diagnostic[],
): string {
  const where = `in ${plural(files, 'file')} of ${plural(connections, 'connection')}`;
  const others = diagnostics.some(({ severity, code }) => severity === 'error' && !code.startsWith('test/'));
  const unread = others ? ' Not everything could be run.' : '';
  if (count === 0) return `No case was run ${where}.${unread}`;
  const words = failed === 0 ? `${plural(count, 'case')} passed` : `${failed} of ${plural(count, 'case')} failed`;
  return `${words} ${where}.${unread}`;
}

/** Returns a problem if a connection has no tests: that nothing was run is never silent. */
function withoutTests({ tested, project, isWhole }: TestSession): Diagnostic[] {
  if (!isWhole) return [];
  const without = tested.filter(({ results: { files, problems } }) => files.length === 0 && problems.length === 0);
  if (without.length === 0) return [];
  const [first] = without;
  const ids = without.map(({ connection }) => connection.id);
  return [
    {
      code: 'test/none',
      severity: 'warning',
      message: `There are no tests of ${ids.join(', ')}.`,
      hint: `Write one in ${first?.connection.folder}/tests, with a name that ends in .test.jsonc, or record one with \`connector connect ${first?.connection.id} --record <name>\`.`,
      file: project.manifest.file,
    },
  ];
}

function asError(problem: Diagnostic): Diagnostic {
  return { ...problem, severity: 'error' };
}

interface Updated {
  readonly files: readonly string[];
  readonly lines: readonly string[];
  readonly isWritten: boolean;
  readonly summary: string;
}

/** Shows what the tests would expect, and writes it where that is wanted. */
async function updateTests(context: Context, { yes }: Args, session: TestSession, chosen: Chosen): Promise<Updated> {
  const changes: FileChange[] = [];
  for (const { connection, results } of session.tested) {
    // What holds a secret is not run, and not shown either.
    const isRun = (file: string) => results.problems.every((each) => each.file !== file || each.severity !== 'error');
    const files = results.files.filter((file) => isRun(file) && (chosen.files?.includes(file) ?? true));
    if (results.cases.length > 0) changes.push(...(await updatesOf(session.project, connection, files)));
  }
  const files = changes.map(({ file }) => file);
  const lines = changes.flatMap(({ file, text, over }) => [
    file,
    ...differenceOf(over ?? '', text).lines.map((line) => `    ${line}`),
  ]);
  if (changes.length === 0) return { files, lines, isWritten: false, summary: 'There is nothing to update.' };
  const what = plural(changes.length, 'file');
  const isAsked = !yes && context.terminal.interactive;
  if (isAsked) for (const message of lines) context.report({ kind: 'note', message });
  const isWritten = yes || (isAsked && (await context.ask.confirm({ message: `Write ${what}?`, flag: '--yes' })));
  if (isWritten) writeAll(session.project.files, changes);
  const summary = isWritten ? `Updated ${what}.` : `Would update ${what}.`;
  return { files, lines: isAsked ? [] : lines, isWritten, summary };
}

function writeCoverage({ cwd }: Context, file: string, { tested }: TestSession): void {
  try {
    writeFileSync(resolve(cwd, file), tested.flatMap(({ coverage }) => (coverage ? lcovOf(coverage) : [])).join(''));
  } catch (cause) {
    const message = `${file} cannot be written: ${(cause as NodeJS.ErrnoException).code ?? String(cause)}.`;
    throw new ConnectorError(
      'usage',
      { code: 'output/unwritable', message, hint: 'Name a file that can be written.' },
      { cause },
    );
  }
}

/** Runs the tests now, and what a change touches on every save, until Ctrl-C. */
async function watchTests(context: Context, args: Args, session: TestSession): Promise<Result> {
  const show = (milliseconds: number) => {
    const { summary, ...shown } = resultOf(session, args);
    context.show(shown);
    const message = context.terminal.stderr ? `${summary} Watching; Ctrl-C ends.` : `${summary}`;
    const failed = shown.diagnostics?.some(({ severity }) => severity === 'error') === true;
    context.report({ kind: failed ? 'problem' : 'done', message, milliseconds });
  };
  const round = async (work: () => Promise<boolean>) => {
    const started = performance.now();
    try {
      if (await work()) show(performance.now() - started);
    } catch (error) {
      if (!(error instanceof ConnectorError)) throw error;
      // A project that cannot be opened for the moment: the next change shows whether it can.
      context.show({ diagnostics: error.diagnostics });
    }
  };
  await round(async () => {
    await session.run();
    return true;
  });
  const { watchFiles } = await import('../watcher.ts');
  await watchFiles({
    root: context.root(),
    signal: context.signal,
    watched: () => session.watched,
    changed: (paths) => round(() => session.update(paths)),
    settled: () => round(() => session.refresh()),
    failed: (error) => context.report({ kind: 'problem', message: `Watching failed: ${String(error)}` }),
  });
  return { exit: 'fine', summary: 'Stopped.' };
}
