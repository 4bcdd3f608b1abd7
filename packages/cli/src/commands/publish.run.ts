import { ConnectorError, type Diagnostic, openProject, validate } from '@connectorkit/sdk';
import type { Arguments, Context, Result, Run } from '../command.ts';
import { plural } from '../output/text.ts';
import { openSync } from '../sync.ts';
import type { publish as command } from './publish.ts';
import { run as push } from './push.run.ts';
import { run as recreate } from './recreate.run.ts';
import { run as checkTypes } from './types.run.ts';

export const run: Run<typeof command> = async (context, args) => {
  const steps: { step: string; milliseconds: number; result: string }[] = [];
  const found: Diagnostic[] = [];
  for (const [step, work] of STEPS) {
    const started = performance.now();
    const result = await resultOf(work(context, args));
    const failed = result.diagnostics?.some(({ severity }) => severity === 'error') === true;
    const ended = failed || (result.exit !== undefined && result.exit !== 'fine');
    const milliseconds = Math.round(performance.now() - started);
    if (ended || result.data === undefined) {
      const summary = `${result.summary === undefined ? '' : `${result.summary} `}Publishing ended at ${step}.`;
      const diagnostics = [...found, ...(result.diagnostics ?? [])];
      return { ...result, data: { steps, stopped: step, found: result.data ?? null }, diagnostics, summary };
    }
    found.push(...(result.diagnostics ?? []));
    steps.push({ step, milliseconds, result: result.summary ?? '' });
    context.report({ kind: 'done', message: `${step}: ${result.summary ?? ''}`, milliseconds });
  }
  return {
    data: { steps },
    lines: steps.map(({ step, result }) => `${step.padEnd(8)}  ${result}`),
    diagnostics: found,
    summary: 'Published.',
  };
};

/** Turns an error that stops a step into a part of the report. */
async function resultOf(work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error;
    return { exit: error.kind, diagnostics: error.diagnostics };
  }
}

type Step = (context: Context, args: Arguments<typeof command>) => Promise<Result>;

/** Steps of publishing, in order. A step that does not end well, or does nothing, ends it. */
const STEPS: readonly (readonly [string, Step])[] = [
  ['validate', validated],
  ['test', tested],
  ['types', (context) => checkTypes(context, { check: true, watch: false })],
  ['push', (context, args) => push(context, { ...args, theirs: undefined, plan: undefined, 'dry-run': false })],
  ['recreate', (context, { origin }) => recreate(context, { connection: [], origin })],
  ['verify', verified],
];

/** @throws ConnectorError findings for the least warning */
async function validated(context: Context): Promise<Result> {
  const project = openProject(context.files(context.root()));
  const problems = validate(project).filter(({ severity }) => severity !== 'info');
  if (problems.length > 0) {
    throw new ConnectorError(
      'findings',
      problems.map((problem) => ({ ...problem, severity: 'error' })),
    );
  }
  const count = plural(project.connections.length, 'connection');
  return { data: {}, summary: `${count}, without errors and warnings` };
}

/** Runs the tests that there are; that there are none keeps nobody from publishing. */
async function tested(context: Context): Promise<Result> {
  const { run } = await import('./test.run.ts');
  return run(context, { ...NO_OPTIONS, connections: [] });
}

const NO_OPTIONS = {
  ...{ update: false, yes: false, watch: false, strict: false, coverage: false },
  ...{ changed: undefined, lcov: undefined },
};

/** @throws ConnectorError refused `sync/not-verified` when the platform has anything else than the project declares */
async function verified(context: Context, { origin }: Arguments<typeof command>): Promise<Result> {
  const { sync } = await openSync(context, origin);
  const differing = await sync.verify();
  if (differing.length > 0) {
    throw new ConnectorError('refused', {
      code: 'sync/not-verified',
      message: `After recreating, ${differing.join(', ')} is not as it was pushed.`,
      hint: '`connector diff` shows the differences.',
    });
  }
  return { data: {}, summary: 'the platform has what the project declares' };
}
