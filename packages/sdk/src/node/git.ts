import { resolve } from 'node:path';
import type { Environment } from '../project/common.ts';

/** Variables that lead git to a repository. A hook gets them relative to the folder that it is started in. */
const PATHS = ['GIT_DIR', 'GIT_WORK_TREE', 'GIT_INDEX_FILE', 'GIT_COMMON_DIR', 'GIT_OBJECT_DIRECTORY'];

/** The environment in which git is started in whatever folder, when we were started in `cwd`. */
export function gitEnvironment(cwd: string, environment: Environment): Environment {
  const paths = PATHS.flatMap((name) => {
    const value = environment[name];
    return value === undefined || value === '' ? [] : [[name, resolve(cwd, value)] as const];
  });
  // Without locks, so that a `git` that somebody runs meanwhile is not kept waiting.
  return { ...environment, ...Object.fromEntries(paths), GIT_OPTIONAL_LOCKS: '0', LC_ALL: 'C' };
}

/** Milliseconds after which git is not waited for. */
const PATIENCE = 10_000;

/**
 * Those of the files in a folder that git is told to leave out, and does not have all the same; undefined when there is
 * no git, or no repository.
 */
export function ignoredIn(folder: string, paths: readonly string[]): ReadonlySet<string> | undefined {
  const { spawnSync } = process.getBuiltinModule('node:child_process');
  const env = gitEnvironment(process.cwd(), process.env);
  const { status, stdout } = spawnSync('git', ['check-ignore', '-z', '--stdin'], {
    cwd: folder,
    env,
    input: paths.map((path) => `${path}\0`).join(''),
    encoding: 'utf8',
    stdio: ['pipe', 'pipe', 'ignore'],
    timeout: PATIENCE,
    maxBuffer: Number.POSITIVE_INFINITY,
  });
  return status === 0 || status === 1 ? new Set(stdout.split('\0').filter(Boolean)) : undefined;
}
