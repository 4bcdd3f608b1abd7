import {
  ConnectorError,
  createValidator,
  type Diagnostic,
  type SeverityOverrides,
  type ValidatorOptions,
} from '@connectorkit/sdk';
import { chooseConnections } from '../chosen-connections.ts';
import type { Arguments, Context, Event, Result, Run } from '../command.ts';
import { type Exclusive, isGiven, refuseExclusive } from '../exclusive-options.ts';
import { plural } from '../output/text.ts';
import { pagesOf } from '../pages.ts';
import { severityOverridesFrom, withWarningLimit } from '../severity-overrides.ts';
import type { validate as command } from './validate.ts';

type Args = Arguments<typeof command>;

export const run: Run<typeof command> = async (context, args) => {
  checkTogether(args);
  const overrides = severityOverridesFrom(args.rule);
  if (args.stdin) return validateStdin(context, args, overrides);
  const { nothing, ...chosen } = await chosenConnections(context, args);
  const defaults = context.terminal.ci ? CI_SEVERITIES : {};
  const options = { files: context.files(context.root()), ...chosen, overrides, ...defaults };
  if (args.watch) return watchProject(context, args, options);
  if (args.fix) return fixProject(args, options);
  if (nothing !== undefined) {
    return { data: { connections: [], clean: [], ...counts([]) }, subjects: [], summary: nothing };
  }
  const validator = createValidator({ ...options, once: true });
  validator.refresh();
  if (validator.failure !== undefined) throw validator.failure;
  return resultOf(validator.diagnostics, validator.connections, args);
};

/** A check that validates nothing always passes: nobody would see it. */
const CI_SEVERITIES: { readonly defaults: SeverityOverrides } = {
  defaults: new Map([['project/no-connections', 'error']]),
};

/** Pairs of options that exclude each other. */
const APART: Exclusive<Args> = [
  ['stdin', 'fix'],
  ['stdin', 'watch'],
  ['stdin', 'changed'],
  ['stdin', 'connections'],
  ['watch', 'fix'],
  ['watch', 'changed'],
  ['type', 'connection'],
];
const NEEDS: readonly { readonly given: keyof Args; readonly needs: keyof Args; readonly example: string }[] = [
  { given: 'stdin', needs: 'as', example: '--as parameters' },
  { given: 'as', needs: 'stdin', example: '--stdin' },
  { given: 'type', needs: 'stdin', example: '--stdin' },
  { given: 'connection', needs: 'stdin', example: '--stdin' },
  { given: 'dry-run', needs: 'fix', example: '--fix' },
];

function checkTogether(args: Args): void {
  refuseExclusive('validate', args, APART);
  const lacking = NEEDS.find((each) => isGiven(args[each.given]) && !isGiven(args[each.needs]));
  if (lacking === undefined) return;
  throw new ConnectorError('usage', {
    code: 'usage/missing',
    message: `--${lacking.given} needs --${lacking.needs}.`,
    hint: `Add ${lacking.example}.`,
  });
}

/** Chooses the connections that were named and, with --changed, changed; `nothing` says why there are none. */
async function chosenConnections(
  context: Context,
  args: Args,
): Promise<Pick<ValidatorOptions, 'connections' | 'ownProblems'> & { readonly nothing?: string }> {
  const { connections, changes } = await chooseConnections(context, args);
  if (changes === undefined) return connections === undefined ? {} : { connections };
  // That no connection is left is reported with the project's own problems.
  if (changes.project.ids.length === 0) return {};
  const named = args.connections.length === 0 ? 'a connection of the project' : args.connections.join(' or ');
  const nothing =
    changes.paths.length === 0
      ? `Nothing changed since ${args.changed}.`
      : `Of what changed since ${args.changed}, nothing belongs to ${named}.`;
  return { connections, ownProblems: false, ...(connections?.length === 0 ? { nothing } : {}) };
}

function resultOf(found: readonly Diagnostic[], connections: readonly string[], args: Args): Result {
  const diagnostics = withWarningLimit(found, args['max-warnings']);
  const worst = diagnostics.find(({ severity }) => severity === 'error');
  const fixable = diagnostics.filter(({ fix }) => fix !== undefined).length;
  const next = worst === undefined ? [] : [`connector explain ${worst.code}`];
  const pages = args.explain ? pagesOf(diagnostics.map(({ code }) => code)) : undefined;
  const words = [`${countWords(diagnostics)} in ${plural(connections.length, 'connection')}.`];
  if (fixable > 0) words.push(fixable === diagnostics.length ? '--fix corrects all.' : `--fix corrects ${fixable}.`);
  return {
    diagnostics,
    subjects: connections,
    data: {
      connections,
      clean: cleanAmong(connections, diagnostics),
      ...counts(diagnostics),
      ...(pages === undefined ? {} : { pages }),
    },
    summary: words.join(' '),
    ...(pages === undefined ? { next: fixable === 0 ? next : ['connector validate --fix', ...next] } : { pages }),
  };
}

/** The connections of which there is nothing to say. */
function cleanAmong(connections: readonly string[], diagnostics: readonly Diagnostic[]): readonly string[] {
  const reported = new Set(diagnostics.map(({ connection }) => connection));
  return connections.filter((id) => !reported.has(id));
}

async function validateStdin(context: Context, args: Args, overrides: SeverityOverrides): Promise<Result> {
  if (context.terminal.stdin) {
    throw new ConnectorError('usage', {
      code: 'usage/missing',
      message: 'Stdin is empty.',
      hint: 'For example: connector validate --stdin --as parameters < parameters.jsonc',
    });
  }
  const { sectionOf, typeFor, validateAlone, validateInConnection } = await import('../validate-stdin.ts');
  const section = sectionOf(args.as ?? '');
  const { connection } = args;
  if (connection === undefined) {
    const type = typeFor(section, args.type, ', or --connection <id>');
    const validated = validateAlone(type, { section, text: await context.stdin() }, overrides);
    context.about(context.cwd, validated.files);
    return stdinResult(validated.diagnostics, section.name, args);
  }
  const root = context.root();
  const files = context.files(root);
  const given = { section, text: await context.stdin() };
  const validated = validateInConnection(files, connection, given, overrides);
  context.about(root, validated.files);
  return stdinResult(validated.diagnostics, connection, args);
}

function stdinResult(found: readonly Diagnostic[], subject: string, args: Args): Result {
  const result = resultOf(found, [subject], args);
  // It may be a connection's text or nobody's.
  const { connections: _, clean: __, ...data } = result.data as Readonly<Record<string, unknown>>;
  return { ...result, data, summary: `${countWords(result.diagnostics ?? [])}.`, next: [] };
}

async function fixProject(args: Args, options: ValidatorOptions): Promise<Result> {
  const { diffOf, fixesFor, writeFixes } = await import('../fix.ts');
  const dry = args['dry-run'];
  const work = dry ? fixesFor : writeFixes;
  const { changes, fixed, left: found, connections } = work(options);
  const sorted = changes.toSorted((a, b) => (a.file < b.file ? -1 : 1));
  const names = sorted.map(({ file }) => file);
  const lines = dry ? sorted.flatMap(diffOf) : [];
  const result = resultOf(found, connections, args);
  const { diagnostics: left = [] } = result;
  const done = fixed.map(({ code, file, fix }) => ({ code, file, title: fix?.title }));
  const did = dry ? 'Would fix' : 'Fixed';
  const what =
    fixed.length === 0
      ? 'Nothing to fix.'
      : `${did} ${plural(fixed.length, 'problem')} in ${plural(names.length, 'file')}.`;
  return {
    ...result,
    lines,
    data: { ...(result.data as object), fixed: done, files: names, written: !dry && names.length > 0 },
    summary:
      left.length > 0 ? `${what} Left: ${countWords(left)}.` : fixed.length === 0 ? what : `${what} Nothing is left.`,
    next:
      dry && names.length > 0
        ? ['connector validate --fix']
        : (result.next ?? []).filter((line) => !line.endsWith('--fix')),
  };
}

/** Shows the problems now, and again on every save, until Ctrl-C. */
async function watchProject(context: Context, args: Args, options: ValidatorOptions): Promise<Result> {
  const validator = createValidator(options);
  const round = (update: () => void) => {
    const started = performance.now();
    update();
    const { diagnostics, connections, failure } = validator;
    // A project that cannot be opened for the moment: the next change shows whether it can.
    const result =
      failure === undefined
        ? resultOf(diagnostics, connections, args)
        : { diagnostics, summary: 'The project cannot be read.' };
    const milliseconds = performance.now() - started;
    const { summary, next: _, ...shown } = result;
    context.show(shown);
    const message = context.terminal.stderr ? `${summary} Watching; Ctrl-C ends.` : `${summary}`;
    context.report({ kind: moodOf(result), message, milliseconds });
  };
  round(() => validator.refresh());
  const { watchFiles } = await import('../watcher.ts');
  await watchFiles({
    root: context.root(),
    signal: context.signal,
    watched: () => validator.watched,
    changed: (paths) => round(() => validator.update(paths)),
    settled: () => {
      if (validator.refresh()) round(() => {});
    },
    failed: (error) => context.report({ kind: 'problem', message: `Watching failed: ${String(error)}` }),
  });
  return { exit: 'fine', summary: 'Stopped.' };
}

function moodOf({ diagnostics = [] }: Result): Event['kind'] {
  if (diagnostics.length === 0) return 'done';
  return counts(diagnostics).errors === 0 ? 'note' : 'problem';
}

/** How many there are of each severity. */
export function counts(diagnostics: readonly Diagnostic[]): { errors: number; warnings: number; infos: number } {
  const count = (severity: string) => diagnostics.filter((each) => each.severity === severity).length;
  return { errors: count('error'), warnings: count('warning'), infos: count('info') };
}

function countWords(diagnostics: readonly Diagnostic[]): string {
  const { errors, warnings, infos } = counts(diagnostics);
  const words = [
    errors && plural(errors, 'error'),
    warnings && plural(warnings, 'warning'),
    infos && `${infos} ${infos === 1 ? 'info' : 'infos'}`,
  ];
  return words.filter(Boolean).join(', ') || 'No problems';
}
