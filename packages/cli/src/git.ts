import { resolve } from 'node:path';

/** Variables that lead git to a repository. A hook gets them relative to the folder that it is started in. */
const PATHS = ['GIT_DIR', 'GIT_WORK_TREE', 'GIT_INDEX_FILE', 'GIT_COMMON_DIR', 'GIT_OBJECT_DIRECTORY'];

type Environment = Readonly<Record<string, string | undefined>>;

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
 * Whether git is told to leave a file in the folder out, and does not have it all the same; undefined when there is no
 * git, or no repository.
 */
export function isIgnoredIn(folder: string, path: string): boolean | undefined {
  const { spawnSync } = process.getBuiltinModule('node:child_process');
  const env = gitEnvironment(process.cwd(), process.env);
  const { status } = spawnSync('git', ['check-ignore', '--quiet', '--', path], {
    cwd: folder,
    env,
    stdio: 'ignore',
    timeout: PATIENCE,
  });
  return status === 0 ? true : status === 1 ? false : undefined;
}
