import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FUNCTIONS } from '@connectorkit/sdk/iml';
import { expect, test } from 'vitest';
import { missingFrom, parseArguments } from '../src/arguments.ts';
import { ENVIRONMENT } from '../src/environment.ts';
import { pages } from '../src/pages.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** Pages that tell users what to type, of which those that are made from the tables say only what these say. */
const PAGES = execFileSync('git', ['ls-files', '*.md', '--cached', '--others', '--exclude-standard'], {
  cwd: ROOT,
  encoding: 'utf8',
})
  .split('\n')
  .filter((path) => path !== '' && !/^(\.changeset|\.github|house|packages\/\w+\/(test|src\/platforms))\//.test(path))
  .map((path) => ({ path, text: readFileSync(join(ROOT, path), 'utf8') }));

interface Code {
  readonly at: string;
  readonly text: string;
  /** True if it stands in a sentence, where a value may be left to the reader. */
  readonly inline: boolean;
}

/** Lines of shell blocks, continued ones joined, and code in sentences. */
function codeOf({ path, text }: { path: string; text: string }): Code[] {
  const found: Code[] = [];
  const at = (offset: number) => `${path}:${text.slice(0, offset).split('\n').length}`;
  const rest = text.replaceAll(
    /^```([^\n]*)\n(.*?)^```$/gms,
    (block, language: string, code: string, offset: number) => {
      if (/^(sh|shell|bash|yaml)\b/.test(language)) {
        for (const line of code.replaceAll(/\\\n\s*/g, ' ').split('\n'))
          found.push({ at: at(offset), text: line.replace(/(?:^|\s)# .*$/, '').trim(), inline: false });
      }
      return block.replaceAll(/[^\n]/g, ' ');
    },
  );
  for (const { 1: code = '', index } of rest.matchAll(/`([^`]+)`/g))
    found.push({ at: at(index), text: code.replaceAll(/\s+/g, ' '), inline: true });
  return found;
}

const CODE = PAGES.flatMap(codeOf);

/** The words of the first command in a line, without comments, redirections and what follows; placeholders have a value. */
function wordsOf(line: string): string[] {
  const plain = line
    .replaceAll(/<(?:n|number|seconds|milliseconds|count)>/g, '1')
    .replaceAll(/<[\w-]+>|…|\$\{?\w+\}?/g, 'x');
  const [first = ''] = plain.split(/\s(?:[|&;<>]|&&|\|\||2>)|[|;&]\s|\)(?:$|\s)/);
  return [...first.matchAll(/(?:[^\s"']|"[^"]*"|'[^']*')+/g)].map(([word]) => word.replaceAll(/["']/g, ''));
}

/** Command lines of the program, as its arguments. */
function commandsIn({ at, text, inline }: Code): { at: string; args: string[]; inline: boolean }[] {
  const places = text.matchAll(
    /(?:^|[\s(!])(?:npx (?:--no-install )?)?connector (?=[a-z-])|(?:^|\s)npm create connector (?=\S)/g,
  );
  return [...places].flatMap(({ 0: start, index }) => {
    const args = wordsOf(text.slice(index + start.length));
    if (!start.includes('create connector')) return args.length === 0 ? [] : [{ at, args, inline }];
    return [{ at, args: ['create', ...args.filter((word) => word !== '--')], inline }];
  });
}

test('every command line of the pages is one that the command takes', () => {
  const commands = CODE.filter(({ text }) =>
    /^(?:[\w$]+=\$\(|! |- |exec |export |until |connector |npx |npm )/.test(text),
  ).flatMap(commandsIn);
  expect(commands.length).toBeGreaterThan(250);
  const wrong = commands.flatMap(({ at, args, inline }) => {
    const { command, problems } = parseArguments(args, 'connector');
    // In a sentence a value may be left out, and a placeholder is none of the values that there are.
    const left = problems.filter(
      ({ message }) => !/ "x"/.test(message) && !(inline && / needs a value\.$|^"x" /.test(message)),
    );
    if (command !== undefined ? left.length === 0 : args[0]?.startsWith('-') === true) return [];
    return [`${at} connector ${args.join(' ')}: ${left.map(({ message }) => message).join(' ')}`];
  });
  expect(wrong).toEqual([]);
});

test('no command line of a shell block lacks what the command needs', () => {
  const lines = CODE.filter(({ inline, text }) => !inline && /^(?:npx )?connector [a-z]/.test(text)).flatMap(
    commandsIn,
  );
  expect(lines.length).toBeGreaterThan(150);
  const lacking = lines.flatMap(({ at, args }) => {
    const { command, args: values } = parseArguments(args, 'connector');
    const missing = command === undefined ? [] : missingFrom(command, values).map(({ flag }) => flag);
    return missing.length === 0 ? [] : [`${at} connector ${args.join(' ')} lacks ${missing.join(', ')}`];
  });
  expect(lacking).toEqual([]);
});

const scriptsOf = (path: string) => Object.keys(JSON.parse(readFileSync(join(ROOT, path), 'utf8')).scripts as object);

test('every script that the pages name is there', () => {
  const own = [...scriptsOf('package.json'), 'install', 'pack'];
  const ofProjects = [...scriptsOf('scaffold/package.json'), 'install', 'create', 'test'];
  const wrong = CODE.flatMap(({ at, text }) => {
    const [, ours] = /^(?:npx -y pnpm@12|pnpm) ([a-z:]+)/.exec(text) ?? [];
    const [, theirs] = /^npm (?:run )?([a-z:]+)/.exec(text) ?? [];
    if (ours !== undefined && !own.includes(ours)) return [`${at} pnpm ${ours}`];
    return theirs === undefined || ofProjects.includes(theirs) ? [] : [`${at} npm ${theirs}`];
  });
  expect(wrong).toEqual([]);
});

test('every code that the pages name is one that explain knows', () => {
  const known = new Set(pages().map(({ code }) => code));
  const themes = new Set([...known].map((code) => code.split('/')[0]));
  // Themes that are names of folders, of media types or of subpaths as well.
  for (const name of ['test', 'sync', 'connect', 'changed']) themes.delete(name);
  const named = CODE.filter(({ text }) => /^[a-z-]+\/[a-z-]+$/.test(text) && themes.has(text.split('/')[0] ?? ''));
  expect(named.length).toBeGreaterThan(50);
  expect(named.filter(({ text }) => !known.has(text))).toEqual([]);
});

test('every variable that the pages name is one that is read', () => {
  const names = Object.keys(ENVIRONMENT).flatMap((name) => name.split(', '));
  const patterns = names.map((name) => new RegExp(`^${name.replaceAll(/<\w+>/g, '[A-Z0-9_<>]+')}$`));
  // Of the repository's own tests and builds.
  const own = ['CONNECTOR_NIGHTLY', 'CONNECTOR_SAMPLES', 'CONNECTOR_VENDOR_DOCUMENTS', 'CONNECTOR_JSON_SCHEMA_SUITE'];
  const named = PAGES.flatMap(({ path, text }) => {
    return [...text.matchAll(/\bCONNECTOR_[A-Z0-9_<>]*[A-Z0-9>]/g)].map(([name]) => `${path} ${name}`);
  });
  const unknown = named.filter((each) => {
    const name = each.split(' ')[1] ?? '';
    return !own.includes(name) && !patterns.some((pattern) => pattern.test(name));
  });
  expect(unknown).toEqual([]);
});

test('every function that expressions of the pages call is built in', () => {
  // The page of rules shows what is wrong.
  const right = PAGES.filter(({ path }) => path !== 'docs/reference/rules.md');
  const wrong = right.flatMap(({ path, text }) =>
    [...text.matchAll(/\{\{(.*?)\}\}/gs)].flatMap(([template, inside = '']) => {
      const calls = [...inside.replaceAll(/'[^']*'|"[^"]*"/g, '').matchAll(/(?<![.\w])([A-Za-z]\w*)\(/g)].map(
        ([, name = '']) => name,
      );
      return calls.filter((name) => !FUNCTIONS.has(name)).map((name) => `${path} ${template}: ${name}`);
    }),
  );
  expect(wrong).toEqual([]);
});
