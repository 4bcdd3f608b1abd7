import { ConnectorError, checkIds, type Diagnostic, openProject, type Weight, watchedIn } from '@connectorkit/sdk';
import type { Arguments, Context, Event, Result, Run } from '../command.ts';
import { plural } from '../output/text.ts';
import { pagesOf } from '../pages.ts';
import { judged, type Strictness, strictnessOf } from '../strictness.ts';
import { type Extent, Survey, WHOLE } from '../survey.ts';
import type { validate as command } from './validate.ts';

type Args = Arguments<typeof command>;

export const run: Run<typeof command> = async (context, args) => {
  checkTogether(args);
  const strictness = strictnessOf(args.rule, args['max-warnings']);
  if (args.stdin) return validateDraft(context, args, strictness);
  const files = context.files(context.root());
  const { nothing, ...chosen } = await extentOf(context, args);
  const defaults = context.terminal.ci ? CI_WEIGHTS : undefined;
  const extent = { ...chosen, rules: strictness.rules, ...(defaults && { defaults }) };
  if (args.watch) return watchProject(context, args, extent, strictness);
  if (args.fix) return fixProject(context, args, extent, strictness);
  if (nothing !== undefined) {
    return { data: { connections: [], clean: [], ...counts([]) }, subjects: [], summary: nothing };
  }
  const survey = new Survey(files, extent);
  return resultOf(judged(survey.diagnostics, strictness), survey.connections, args);
};

/** A check that looks at nothing always passes: nobody would see it. */
const CI_WEIGHTS: ReadonlyMap<string, Weight> = new Map([['project/no-connections', 'error']]);

/** Options that say different things about what is done, or need one another. */
const APART: readonly (readonly [keyof Args, keyof Args])[] = [
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
  const given = (name: keyof Args) =>
    ![undefined, false].includes(args[name] as undefined) && String(args[name]) !== '';
  const shown = (name: keyof Args) => (name === 'connections' ? 'ids of connections' : `--${name}`);
  const apart = APART.find(([one, other]) => given(one) && given(other));
  if (apart !== undefined) {
    throw new ConnectorError('usage', {
      code: 'usage/arguments',
      message: `${shown(apart[0])} and ${shown(apart[1])} cannot both be given.`,
      hint: '`connector validate --help` says what they do.',
    });
  }
  const lacking = NEEDS.find((each) => given(each.given) && !given(each.needs));
  if (lacking === undefined) return;
  throw new ConnectorError('usage', {
    code: 'usage/missing',
    message: `--${lacking.given} needs --${lacking.needs}.`,
    hint: `Add ${lacking.example}.`,
  });
}

/**
 * What is looked at: the connections that were named and, with --changed, are among what git says changed; `nothing`
 * says why there are none.
 */
async function extentOf(
  context: Context,
  { connections, changed }: Args,
): Promise<Extent & { readonly nothing?: string }> {
  const named = connections.length === 0 ? undefined : connections;
  if (named === undefined && changed === undefined) return WHOLE;
  const root = context.root();
  const project = openProject(context.files(root), { connections: [] });
  if (named !== undefined) checkIds(project, named);
  if (changed === undefined) return { connections: named, manifest: true };
  const { changedFiles } = await import('../changed.ts');
  const paths = await changedFiles(context, root, changed);
  const owners = paths.map((path) => project.ownerOf(path));
  // Everything depends on the project's own files, and that no connection is left is told with them.
  if (owners.includes('project') || project.ids.length === 0) return { connections: named, manifest: true };
  const ids = new Set(owners.flat());
  const chosen = (named ?? project.ids).filter((id) => ids.has(id));
  const nothing =
    paths.length === 0
      ? `Nothing changed since ${changed}.`
      : `Of what changed since ${changed}, nothing belongs to ${named?.join(' or ') ?? 'a connection of the project'}.`;
  return { connections: chosen, manifest: false, ...(chosen.length === 0 ? { nothing } : {}) };
}

function resultOf(diagnostics: readonly Diagnostic[], connections: readonly string[], args: Partial<Args>): Result {
  const worst = diagnostics.find(({ severity }) => severity === 'error');
  const fixable = diagnostics.filter(({ fix }) => fix !== undefined).length;
  const next = worst === undefined ? [] : [`connector explain ${worst.code}`];
  const pages = args.explain ? pagesOf(diagnostics.map(({ code }) => code)) : undefined;
  const words = [`${countWords(diagnostics)} in ${plural(connections.length, 'connection')}.`];
  if (fixable > 0) words.push(fixable === diagnostics.length ? '--fix mends all.' : `--fix mends ${fixable}.`);
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
  const told = new Set(diagnostics.map(({ connection }) => connection));
  return connections.filter((id) => !told.has(id));
}

async function validateDraft(context: Context, args: Args, strictness: Strictness): Promise<Result> {
  if (context.terminal.stdin) {
    throw new ConnectorError('usage', {
      code: 'usage/missing',
      message: 'Nothing is piped in.',
      hint: 'For example: connector validate --stdin --as parameters < parameters.jsonc',
    });
  }
  const { lookAlone, lookInConnection, sectionOf, typeFor } = await import('../draft.ts');
  const section = sectionOf(args.as ?? '');
  const { connection } = args;
  if (connection === undefined) {
    const type = typeFor(section, args.type, ', or --connection <id>');
    const looked = lookAlone(type, { section, text: await context.stdin() });
    context.about(context.cwd, looked.files);
    return draftResult(looked.diagnostics, section.name, args, strictness);
  }
  const root = context.root();
  const files = context.files(root);
  const looked = lookInConnection(files, connection, { section, text: await context.stdin() }, strictness.rules);
  context.about(root, looked.files);
  return draftResult(looked.diagnostics, connection, args, strictness);
}

function draftResult(found: readonly Diagnostic[], subject: string, args: Args, strictness: Strictness): Result {
  const diagnostics = judged(found, strictness);
  const result = resultOf(diagnostics, [subject], args);
  // It may be a connection's text or nobody's.
  const { connections: _, clean: __, ...data } = result.data as Readonly<Record<string, unknown>>;
  return { ...result, data, summary: `${countWords(diagnostics)}.`, next: [] };
}

async function fixProject(context: Context, args: Args, extent: Extent, strictness: Strictness): Promise<Result> {
  const { diffOf, fixesFor, writeFixes } = await import('../fix.ts');
  const files = context.files(context.root());
  const dry = args['dry-run'];
  const work = dry ? fixesFor : writeFixes;
  const { changes, fixed, left, connections } = work(files, extent, (problems) => judged(problems, strictness));
  const sorted = changes.toSorted((a, b) => (a.file < b.file ? -1 : 1));
  const names = sorted.map(({ file }) => file);
  const lines = dry ? sorted.flatMap(diffOf) : [];
  const result = resultOf(left, connections, args);
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

/** Shows how things stand, and again on every save, until Ctrl-C. */
async function watchProject(context: Context, args: Args, extent: Extent, strictness: Strictness): Promise<Result> {
  const root = context.root();
  const files = context.files(root);
  let survey: Survey | undefined;
  const round = (look: (survey: Survey) => void) => {
    const started = performance.now();
    let result: Result;
    try {
      if (survey === undefined) survey = new Survey(files, extent, { remembers: true });
      else look(survey);
      result = resultOf(judged(survey.diagnostics, strictness), survey.connections, args);
    } catch (error) {
      // A project that cannot be opened for the moment: the next change shows whether it can.
      if (!(error instanceof ConnectorError)) throw error;
      survey = undefined;
      result = { diagnostics: error.diagnostics, summary: 'The project cannot be read.' };
    }
    const milliseconds = performance.now() - started;
    const { summary, next: _, ...shown } = result;
    context.show(shown);
    const message = context.terminal.stderr ? `${summary} Watching; Ctrl-C ends.` : `${summary}`;
    context.report({ kind: moodOf(result), message, milliseconds });
  };
  round(() => {});
  const { watchFiles } = await import('../watcher.ts');
  await watchFiles({
    root,
    signal: context.signal,
    watched: () => survey?.watched ?? watchedIn(files),
    changed: (paths) => round((known) => known.lookAgain(paths)),
    settled: () => {
      const paths = survey?.stale() ?? [];
      if (survey === undefined || paths.length > 0) round((known) => known.lookAgain(paths));
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
