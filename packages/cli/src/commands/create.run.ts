import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, type Stats, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { ConnectorError, type Diagnostic, lookUp } from '@connectorkit/sdk';
import { faultOf, filesIn, makeFolder, renamePatiently } from '@connectorkit/sdk/node';
import type { Imported } from '@connectorkit/sdk/openapi';
import { PROJECT_FILES, updateFile } from '@connectorkit/sdk/project';
import type { Arguments, Context, Run } from '../command.ts';
import { writeEditorSettings } from '../editor-settings.ts';
import { rangeOfMaker, workflowOf } from '../made-by.ts';
import { checkOrigins, importedFrom, writeImported } from '../new-connections.ts';
import { readmeOf } from '../readme.ts';
import { shellWord } from '../shell-word.ts';
import { copyScaffold, copyTemplate } from '../template-copy.ts';
import { checkName, templateFolder } from '../templates.ts';
import type { create as command } from './create.ts';

export const run: Run<typeof command> = async (context, args) => {
  const { name: given, example, folder } = args;
  checkOrigins(args);
  const target = resolve(context.cwd, folder ?? given);
  const name = given === '.' ? nameAfter(target) : given;
  const shownTarget = relative(context.cwd, target) || '.';
  checkEmpty(target, shownTarget);
  const imported = await importedFrom(context, args);
  const isRepository = await wantsRepository(context, args.git, target);
  const maker = rangeOfMaker(target);
  const half = join(dirname(target), `.${basename(target)}-${process.pid}`);
  let diagnostics: readonly Diagnostic[] = [];
  try {
    makeFolder(half);
    diagnostics = await fill(half, { args, name, imported, maker });
    takePlace(half, target);
  } catch (error) {
    throw cannotBe(shownTarget, error);
  } finally {
    rmSync(half, { recursive: true, force: true });
  }
  if (isRepository) makeRepository(context, target);
  const manager = context.environment.npm_config_user_agent?.split('/')[0] || 'npm';
  const made = imported?.connections.map(({ id, type, summary }) => ({ id, type, summary }));
  return {
    data: {
      folder: target,
      name,
      ...(example === undefined ? {} : { example }),
      ...(args.template === undefined ? {} : { template: args.template }),
      ...(made === undefined ? {} : { source: imported?.source, connections: made }),
    },
    diagnostics,
    summary: `Created ${name} in ${target === context.cwd ? 'this folder' : shownTarget}. Next:`,
    next: [
      ...(target === context.cwd ? [] : [`cd ${shellWord(shownTarget)}`]),
      ...(maker === undefined ? ['connector dev'] : [`${manager} install`, `${manager} run dev`]),
    ],
  };
};

/** Ends alike in all projects but copies of an example; what is their own stands before. */
const README = 'README.md';
const WORKFLOW = '.github/workflows/connector.yml';

interface Filling {
  readonly args: Arguments<typeof command>;
  readonly name: string;
  readonly imported: Imported | undefined;
  /** The range of the command that makes it; undefined where it cannot be installed. */
  readonly maker: string | undefined;
}

/** Writes the project into an empty folder. */
async function fill(half: string, { args, name, imported, maker }: Filling): Promise<readonly Diagnostic[]> {
  const { template, example } = args;
  copyScaffold(half);
  const readme = readFileSync(join(half, README), 'utf8');
  if (template !== undefined) copyTemplate('templates', template, half);
  if (example !== undefined) copyTemplate('examples', example, half);
  const file = PROJECT_FILES.map((each) => join(half, each)).find((each) => existsSync(each)) ?? half;
  editJson(file, (manifest) => ({
    ...manifest,
    name,
    label: (example !== undefined && manifest.label) || titleOf(name),
  }));
  const scaffold = JSON.parse(readFileSync(join(templateFolder('scaffold', ''), 'package.json'), 'utf8')) as Manifest;
  editJson(join(half, 'package.json'), (manifest) => ({
    ...scaffold,
    ...released({ ...scaffold, ...manifest }, maker),
    name,
    description: undefined,
  }));
  const files = filesIn(half);
  updateFile(files, WORKFLOW, (text = '') => workflowOf(text, maker));
  const marks = imported === undefined ? [] : await writeImported(files, imported);
  if (imported !== undefined) files.write(README, `${readmeOf(name, imported, marks)}\n${readme}`);
  if (template !== undefined) files.write(README, `${files.read(README)}\n${readme}`);
  writeEditorSettings(files);
  return [...(imported?.diagnostics ?? []), ...marks];
}

/** Decides if a repository is made: the user is asked where somebody is there and none is around the folder. */
async function wantsRepository({ ask, terminal }: Context, git: boolean, target: string): Promise<boolean> {
  if (git || !terminal.interactive) return git;
  for (let at = target; ; at = dirname(at)) {
    if (existsSync(join(at, '.git'))) return false;
    if (at === dirname(at)) break;
  }
  return ask.confirm({ message: 'Make it a git repository?', flag: '--git', preset: true });
}

/** Variables of a git that is running, such as a hook's, would lead to its repository. */
function makeRepository({ environment, report }: Context, target: string): void {
  const env = Object.fromEntries(Object.entries(environment).filter(([name]) => !name.startsWith('GIT_')));
  try {
    execFileSync('git', ['init', '--quiet', target], { env, stdio: 'ignore' });
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'git is not installed' : 'git refused';
    report({ kind: 'note', message: `No git repository was created: ${why}.` });
  }
}

/** The name of a folder, as a connector can have it. @throws ConnectorError usage `create/name` */
function nameAfter(folder: string): string {
  const name = basename(folder)
    .normalize('NFKD')
    .replace(/\p{Mark}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
  const problem = checkName(name);
  if (problem === undefined) return name;
  const hint = 'Name it: `connector create my-connector --folder .`';
  throw new ConnectorError('usage', { ...problem, hint });
}

type Manifest = Readonly<Record<string, unknown>>;

function checkEmpty(target: string, shownTarget: string): void {
  const facts = factsOf(target, shownTarget);
  if (facts === undefined || (facts.isDirectory() && readdirSync(target).every((entry) => entry === '.git'))) return;
  throw new ConnectorError('usage', {
    code: 'create/not-empty',
    message: `${shownTarget} ${facts.isDirectory() ? 'is not empty' : 'is a file'}.`,
    hint: 'Choose another name or another --folder, or empty the folder first.',
  });
}

function factsOf(target: string, shownTarget: string): Stats | undefined {
  try {
    return statSync(target, { throwIfNoEntry: false });
  } catch (error) {
    throw cannotBe(shownTarget, error);
  }
}

/** What Windows answers to a name that it takes for no folder, such as that of a device. */
const REFUSED_BY_WINDOWS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such drive, or Windows has no such names',
  EINVAL: 'Windows has no such names',
};
/** What other systems answer in a place where they make no folders, and where a link stands that leads nowhere. */
const REFUSED_ELSEWHERE: Readonly<Record<string, string>> = {
  ENOENT: 'no folder can be made there',
  EEXIST: 'a link that leads nowhere is in its place',
};

/** The error for a folder that cannot be made; others as they are. */
function cannotBe(shownTarget: string, error: unknown): unknown {
  if (error instanceof ConnectorError) return error;
  const refused = process.platform === 'win32' ? REFUSED_BY_WINDOWS : REFUSED_ELSEWHERE;
  const fault = faultOf(error) ?? lookUp(refused, String((error as NodeJS.ErrnoException).code));
  if (fault === undefined) return error;
  const message = `${JSON.stringify(shownTarget)} cannot be created: ${fault}.`;
  const hint = 'Choose another --folder.';
  return new ConnectorError('usage', { code: 'create/folder', message, hint, found: shownTarget }, { cause: error });
}

/** The project appears whole or not at all: until here it lay beside its place under another name. */
function takePlace(half: string, target: string): void {
  if (statSync(target, { throwIfNoEntry: false }) === undefined) {
    renamePatiently(half, target);
    return;
  }
  // The folder is there and empty. Somebody may stand in it, so it is filled and not replaced.
  for (const entry of readdirSync(half)) renamePatiently(join(half, entry), join(target, entry));
}

function editJson(file: string, edit: (manifest: Manifest) => Manifest): void {
  writeFileSync(file, `${JSON.stringify(edit(JSON.parse(readFileSync(file, 'utf8'))), undefined, 2)}\n`);
}

/** Examples depend on the sources beside them; a project depends on what made it, or on nothing. */
function released(manifest: Manifest, maker: string | undefined): Manifest {
  const fields = ['dependencies', 'devDependencies'].filter((field) => manifest[field] !== undefined);
  const pinned = fields.map((field) => {
    const ranges = Object.entries(manifest[field] as Record<string, string>)
      .map(([each, range]) => [each, range.startsWith('workspace:') ? maker : range] as const)
      .filter(([, range]) => range !== undefined);
    return [field, ranges.length === 0 ? undefined : Object.fromEntries(ranges)];
  });
  return { ...manifest, ...Object.fromEntries(pinned) };
}

function titleOf(name: string): string {
  return name.replace(
    /(^|-)([a-z0-9])/g,
    (_, hyphen: string, letter: string) => (hyphen && ' ') + letter.toUpperCase(),
  );
}
