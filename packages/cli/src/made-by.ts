import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { version } from './version.ts';

const NAME = '@connectorkit/cli';

/**
 * The range by which a project depends on the command that made it: a published version by its number, one that was
 * installed from a tarball by that file. Undefined for a build of the sources, which nothing can be installed from.
 * @param project the folder of the project, absolute
 * @param own the folder that the command's package is in, absolute
 */
export function rangeOfMaker(
  project: string,
  own: string = fileURLToPath(new URL('..', import.meta.url)),
): string | undefined {
  if (isReleased(own)) return `^${version()}`;
  const tarball = tarballOf(resolve(own));
  return tarball === undefined ? undefined : `file:${relative(project, tarball).split(sep).join('/')}`;
}

const INSTALLED = new RegExp(`^( +)(run: npm install .*) ${NAME}@\\S+$`, 'gm');

/**
 * The workflow of a project for what made it: a published version is named in it. Nothing that a CI service could install
 * made it otherwise, so that a variable of the repository says what is installed, and the step fails until it does.
 * @param maker what rangeOfMaker gives
 */
export function workflowOf(workflow: string, maker: string | undefined): string {
  if (maker?.startsWith('^')) return workflow;
  const unset = 'a build that is not published made this project: set the variable to what npm can install';
  return workflow.replace(
    INSTALLED,
    (_, indent, run) =>
      `${indent}env:\n${indent}  CONNECTOR_PACKAGE: \${{ vars.CONNECTOR_PACKAGE }}\n${indent}${run} "\${CONNECTOR_PACKAGE:?${unset}}"`,
  );
}

/** The release workflow's build writes it; every other build leaves it out. */
function isReleased(own: string): boolean {
  const { released } = (jsonIn(join(own, 'dist', 'package.json')) ?? {}) as { released?: unknown };
  return released === true;
}

/** The tarball that npm says the package in a folder was installed from. */
function tarballOf(own: string): string | undefined {
  const modules = dirname(dirname(own));
  if (own !== join(modules, NAME)) return undefined;
  const lock = jsonIn(join(modules, '.package-lock.json')) as Lock | undefined;
  const resolved = lock?.packages?.[`node_modules/${NAME}`]?.resolved;
  if (typeof resolved !== 'string' || !resolved.startsWith('file:')) return undefined;
  const tarball = resolve(dirname(modules), resolved.slice('file:'.length));
  return tarball.endsWith('.tgz') && existsSync(tarball) ? tarball : undefined;
}

/** npm's list of what is installed in a folder. */
interface Lock {
  readonly packages?: Readonly<Record<string, { readonly resolved?: unknown }>>;
}

function jsonIn(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) ?? undefined;
  } catch {
    return undefined;
  }
}
