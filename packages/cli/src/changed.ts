import { execFile } from 'node:child_process';
import { ConnectorError, type Diagnostic } from '@connectorkit/sdk';
import { gitEnvironment } from '@connectorkit/sdk/node';
import type { Context } from './command.ts';

/** Bytes of names that git may give. */
const LARGEST = 64 * 1024 * 1024;

/**
 * The files in a folder that git says differ from a commit: changed, staged or not, added, renamed, deleted, and those
 * that are not tracked yet, without what git ignores. Paths are relative to the folder, with forward slashes. What
 * others committed to `ref` since we branched off is no change of ours.
 * @throws ConnectorError usage `changed/no-git`, `changed/no-repository` or `changed/unknown-ref`
 */
export async function changedFiles(context: Context, root: string, ref: string): Promise<string[]> {
  const git = gitIn(context, root);
  const names = (text: string) => text.split('\0').filter((name) => name !== '');
  const untracked = git(['ls-files', '-z', '--others', '--exclude-standard', '--', '.']);
  const [first, others] = await Promise.all([git(['rev-parse', '--verify', '--quiet', `${ref}^{commit}`]), untracked]);
  if (others.code !== 0) throw noRepository(others.stderr);
  if (first.code !== 0) {
    const born = await git(['rev-parse', '--verify', '--quiet', 'HEAD']);
    // Before the first commit, all that git knows is new.
    if (ref !== 'HEAD' || born.code === 0) throw unknownRef(ref);
    const staged = await git(['ls-files', '-z', '--', '.']);
    return [...new Set([...names(staged.stdout), ...names(others.stdout)])];
  }
  const commit = first.stdout.trim();
  const base = ref === 'HEAD' ? commit : (await git(['merge-base', commit, 'HEAD'])).stdout.trim() || commit;
  const diff = await git(['diff', '-z', '--name-only', '--no-renames', '--no-ext-diff', '--relative', base, '--', '.']);
  if (diff.code !== 0) throw noRepository(diff.stderr);
  return [...new Set([...names(diff.stdout), ...names(others.stdout)])];
}

interface Answer {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function gitIn({ cwd, environment, signal }: Context, root: string) {
  const env = gitEnvironment(cwd, environment);
  return (args: readonly string[]): Promise<Answer> =>
    new Promise((done, fail) => {
      execFile('git', args, { cwd: root, env, signal, maxBuffer: LARGEST }, (error, stdout, stderr) => {
        if (error !== null && typeof error.code !== 'number') fail(signal.aborted ? error : noGit(error));
        else done({ code: error === null ? 0 : Number(error.code), stdout, stderr });
      });
    });
}

function noGit(cause: Error): ConnectorError {
  return usage({
    code: 'changed/no-git',
    message: `git cannot be run: ${cause.message}.`,
    hint: 'Install git, or leave out --changed.',
  });
}

function noRepository(stderr: string): ConnectorError {
  const said =
    stderr
      .trim()
      .split('\n')[0]
      ?.replace(/^fatal: /, '') ?? '';
  return usage({
    code: 'changed/no-repository',
    message: `git cannot list the changes: ${said}.`,
    hint: 'Run it in a git repository, or leave out --changed.',
  });
}

function unknownRef(ref: string): ConnectorError {
  const remote = /^([\w.-]+)\/(.+)$/.exec(ref);
  const fetch = remote === null ? 'git fetch' : `git fetch ${remote[1]} ${remote[2]}`;
  return usage({
    code: 'changed/unknown-ref',
    message: `git does not know the commit ${JSON.stringify(ref)}.`,
    hint: `Get it with \`${fetch}\`; in CI, clone with the full history.`,
    found: ref,
  });
}

function usage(problem: Omit<Diagnostic, 'severity'>): ConnectorError {
  return new ConnectorError('usage', problem);
}
