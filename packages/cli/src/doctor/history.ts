import { spawn } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { gitEnvironment } from '@connectorkit/sdk/node';
import { holdsKnownSecret, isRealSecret, LOCAL_FOLDER } from '@connectorkit/sdk/project';
import { credentialsOf } from '../credentials.ts';
import { plural } from '../output/text.ts';
import { type Examined, error, type Finding, ok, skipped, warning } from './check.ts';

/** Milliseconds for which the history is searched. */
const PATIENCE = 10_000;
/** Findings that are listed. */
const LISTED = 10;
/** Characters of the shortest value that is looked for: shorter ones occur by chance. */
const SHORTEST = 8;
/** Characters of a line of which no more is read: such a line is data. */
const LONGEST_LINE = 100_000;

/** Files that git should never have had. */
const SECRET_FILE = new RegExp(`(^|/)(\\${LOCAL_FOLDER}/.+\\.json|[^/]*\\.local\\.json|\\.secrets/.+)$`);
/** Texts of a name and a value, as JSON and most settings have them. */
const ASSIGNED = /["']?([\w.-]+)["']?\s*[:=]\s*["']([^"'\s]{16,})["']/g;
/** Matches a value that nobody typed: letters and digits. */
const GENERATED = /^(?=.*\d)(?=.*[A-Za-z])[\w+/=.-]+$/;
/** Values in tests are made up. */
const TEST = /(^|\/)tests?\/|\.test\.jsonc?$/;

const REVOKE =
  'Revoke it and get a new one: everybody who has the repository has it. Rewriting the history alone does not help.';

/** Checks if the history of the project's files holds values that are stored here, or that look like secrets. */
export async function checkHistory(examined: Examined, patience = PATIENCE): Promise<readonly Finding[]> {
  const { root, context } = examined;
  if (root === undefined) return [skipped('There is no project whose history could be searched.')];
  const history = await searched(context, root, storedSecrets(examined), patience);
  if (history === undefined) return [skipped('The project is in no git repository, or git is not installed.')];
  const { found, commits, complete, shallow } = history;
  const listed = [...found].slice(0, LISTED).map((message) => error(message, REVOKE));
  const more = found.size - LISTED;
  if (more > 0) listed.push(error(`There are ${more} more of these.`, REVOKE));
  const whole = 'Search the rest with a scanner of git histories, such as gitleaks.';
  if (!complete) {
    const message = `Only the last ${plural(commits, 'commit')} could be searched in ${patience / 1000} s.`;
    return [...listed, warning(message, whole)];
  }
  if (shallow)
    listed.push(warning('The clone is shallow: earlier commits are not here.', 'Run `git fetch --unshallow`.'));
  if (listed.length > 0) return listed;
  if (commits === 0) return [skipped('The project’s files are in no commit yet.')];
  return [ok(`No secret was found in ${plural(commits, 'commit')} of the project’s files.`)];
}

/** Value → how it is called in what is reported. None of them is ever reported. */
function storedSecrets({ context, root, project, choice }: Examined): ReadonlyMap<string, string> {
  const { environment } = context;
  const secrets = new Map<string, string>();
  const add = (value: unknown, label: string) => {
    if (typeof value === 'string' && value.length >= SHORTEST) secrets.set(value, label);
  };
  for (const [name, value] of Object.entries(environment)) {
    if (/^CONNECTOR_(\w+_)?TOKEN(_|$)/.test(name)) add(value, `the value of ${name}`);
    const [, key] = /^CONNECTOR_COMMON_(\w+)$/.exec(name) ?? [];
    if (key !== undefined && isRealSecret(key, value)) add(value, `the value of ${name}`);
  }
  const harness = context.state(choice.folder).read('harness') ?? {};
  for (const name of ['token', 'control']) add(harness[name], 'a token of the local harness');
  for (const [address, token] of storedTokens(environment)) add(token, `the stored token for ${address}`);
  for (const { tokenFile } of Object.values(choice.project.origins)) {
    if (tokenFile !== undefined) add(textIn(resolve(choice.folder, tokenFile)), `the token in ${tokenFile}`);
  }
  for (const { commonFile } of project?.connections ?? []) {
    const text = root === undefined ? undefined : textIn(resolve(root, commonFile));
    for (const [key, value] of Object.entries(objectIn(text))) {
      if (isRealSecret(key, value)) add(value, `the value of ${key} in ${commonFile}`);
    }
  }
  return secrets;
}

/** That they cannot be read is the finding of another check. */
function storedTokens(environment: Examined['context']['environment']): Iterable<readonly [string, string]> {
  try {
    return credentialsOf(environment).all();
  } catch {
    return [];
  }
}

function textIn(file: string): string | undefined {
  try {
    return statSync(file).size < LONGEST_LINE ? readFileSync(file, 'utf8').trim() : undefined;
  } catch {
    return undefined;
  }
}

function objectIn(text: string | undefined): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text ?? '{}');
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

interface History {
  /** Sentences, each once. */
  readonly found: ReadonlySet<string>;
  readonly commits: number;
  readonly complete: boolean;
  readonly shallow: boolean;
}

/** Begins a commit's line in what git writes; no path and no text of a diff begins with it. */
const COMMIT = '\0';

/** Nothing that is looked for is given to git: a command line can be read by every user of the machine. */
async function searched(
  context: Examined['context'],
  root: string,
  secrets: ReadonlyMap<string, string>,
  patience: number,
): Promise<History | undefined> {
  const shallow = await lines(context, root, ['rev-parse', '--is-shallow-repository'], PATIENCE);
  if (shallow.code !== 0) return undefined;
  let commits = 0;
  let commit = '';
  let file = '';
  const found = new Set<string>();
  const diff = ['-p', '-U0', '--no-color', '--no-ext-diff', '--no-textconv', '--no-renames', '--diff-merges=separate'];
  const args = ['log', '--all', ...diff, '--relative', '--format=%x00%h', '--', '.'];
  const { code, ended } = await lines(context, root, args, patience, (line) => {
    if (line.startsWith(COMMIT)) {
      commit = line.slice(1);
      commits++;
    } else if (line.startsWith('+++ ')) {
      file = line
        .slice(4)
        .replace(/^"?b\//, '')
        .replace(/"?\t?$/, '');
      if (SECRET_FILE.test(file)) found.add(`Commit ${commit} has ${file}, which is a file of secrets.`);
    } else if (line.startsWith('+')) {
      const what = secretIn(line.slice(1, LONGEST_LINE), file, secrets);
      if (what !== undefined) found.add(`Commit ${commit} has ${what} in ${file}.`);
    }
  });
  // Before the first commit there is nothing to search.
  return { found, commits, complete: !ended || code === 0, shallow: shallow.text.trim() === 'true' };
}

function secretIn(line: string, file: string, secrets: ReadonlyMap<string, string>): string | undefined {
  for (const [value, label] of secrets) if (line.includes(value)) return label;
  if (TEST.test(file)) return undefined;
  if (holdsKnownSecret(line)) return 'what looks like a secret of a well-known service';
  for (const [, name = '', value = ''] of line.matchAll(ASSIGNED)) {
    if (GENERATED.test(value) && isRealSecret(name, value)) return `what looks like a value of ${name}`;
  }
  return undefined;
}

interface Written {
  /** Undefined when git cannot be run. */
  readonly code: number | null | undefined;
  readonly text: string;
  /** True if it was ended because it took too long. */
  readonly ended: boolean;
}

/** Runs git and gives each line of its output as it comes. */
function lines(
  { cwd, environment, signal }: Examined['context'],
  root: string,
  args: readonly string[],
  patience: number,
  take?: (line: string) => void,
): Promise<Written> {
  return new Promise((done) => {
    const env = gitEnvironment(cwd, environment);
    const git = spawn('git', ['-c', 'core.quotePath=false', ...args], {
      cwd: root,
      env,
      signal,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    let text = '';
    let ended = false;
    const timer = setTimeout(() => {
      ended = true;
      git.kill();
    }, patience);
    const reader = createInterface({ input: git.stdout, crlfDelay: Number.POSITIVE_INFINITY });
    reader.on('line', (line) => {
      if (take === undefined) text += line;
      else if (!ended) take(line);
    });
    git.once('error', () => {
      clearTimeout(timer);
      done({ code: undefined, text, ended });
    });
    git.once('close', (code) => {
      clearTimeout(timer);
      done({ code, text, ended });
    });
  });
}
