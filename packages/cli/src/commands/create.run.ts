import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { ConnectorError } from '@connectorkit/sdk';
import { PROJECT_FILES } from '@connectorkit/sdk/project';
import type { Run } from '../command.ts';
import { checkName, copyTemplate } from '../templates.ts';
import { version } from '../version.ts';
import type { create as command } from './create.ts';

export const run: Run<typeof command> = async (context, { name: given, template, example, folder }) => {
  if (template !== undefined && example !== undefined) {
    throw new ConnectorError('usage', {
      code: 'usage/arguments',
      message: '--template and --example cannot both be given.',
      hint: 'A project begins with one of them.',
    });
  }
  const target = resolve(context.cwd, folder ?? given);
  const name = given === '.' ? nameAfter(target) : given;
  const shownTarget = relative(context.cwd, target) || '.';
  checkEmpty(target, shownTarget);
  const half = join(dirname(target), `.${basename(target)}-${process.pid}`);
  try {
    mkdirSync(half, { recursive: true });
    const [source, chosen] =
      example === undefined ? (['templates', template ?? ''] as const) : (['examples', example] as const);
    copyTemplate(source, chosen, half);
    const file = PROJECT_FILES.map((each) => join(half, each)).find((each) => existsSync(each)) ?? half;
    editJson(file, (manifest) => ({
      ...manifest,
      name,
      label: source === 'examples' ? (manifest.label ?? titleOf(name)) : titleOf(name),
    }));
    editJson(join(half, 'package.json'), (manifest) => ({ ...released(manifest), name, description: undefined }));
    takePlace(half, target);
  } finally {
    rmSync(half, { recursive: true, force: true });
  }
  const manager = context.environment.npm_config_user_agent?.split('/')[0] || 'npm';
  return {
    data: { folder: target, name, ...(example === undefined ? { template } : { example }) },
    summary: `Created ${name} in ${target === context.cwd ? 'this folder' : shownTarget}. Next:`,
    next: [...(target === context.cwd ? [] : [`cd ${shownTarget}`]), `${manager} install`, `${manager} run dev`],
  };
};

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
  const facts = statSync(target, { throwIfNoEntry: false });
  if (facts === undefined || (facts.isDirectory() && readdirSync(target).every((entry) => entry === '.git'))) return;
  throw new ConnectorError('usage', {
    code: 'create/not-empty',
    message: `${shownTarget} ${facts.isDirectory() ? 'is not empty' : 'is a file'}.`,
    hint: 'Choose another name or another --folder, or empty the folder first.',
  });
}

/** The project appears whole or not at all: until here it lay beside its place under another name. */
function takePlace(half: string, target: string): void {
  if (statSync(target, { throwIfNoEntry: false }) === undefined) {
    renameSync(half, target);
    return;
  }
  // The folder is there and empty. Somebody may stand in it, so it is filled and not replaced.
  for (const entry of readdirSync(half)) renameSync(join(half, entry), join(target, entry));
}

function editJson(file: string, edit: (manifest: Manifest) => Manifest): void {
  writeFileSync(file, `${JSON.stringify(edit(JSON.parse(readFileSync(file, 'utf8'))), undefined, 2)}\n`);
}

/** Examples depend on the sources beside them; a project depends on the release that made it. */
function released(manifest: Manifest): Manifest {
  const fields = ['dependencies', 'devDependencies'].filter((field) => manifest[field] !== undefined);
  const pinned = fields.map((field) => {
    const wanted = Object.entries(manifest[field] as Record<string, string>);
    return [
      field,
      Object.fromEntries(
        wanted.map(([each, range]) => [each, range.startsWith('workspace:') ? `^${version()}` : range]),
      ),
    ];
  });
  return { ...manifest, ...Object.fromEntries(pinned) };
}

function titleOf(name: string): string {
  return name.replace(
    /(^|-)([a-z0-9])/g,
    (_, hyphen: string, letter: string) => (hyphen && ' ') + letter.toUpperCase(),
  );
}
