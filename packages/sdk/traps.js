// What moved since the traps and the findings were last seen: which of the versions that they name are no longer the
// newest, whether the scripts in findings/ still find what they say, and which rows of docs/reference/compatibility.md
// come out otherwise. It needs the registry, and fails nothing.
//   pnpm traps
import { execFile, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { TRAPS, TRAPS_SEEN } from './dist/index.js';

const execute = promisify(execFile);
const FINDINGS = join(import.meta.dirname, '../../findings');
const COMPATIBILITY = join(import.meta.dirname, '../compatibility');
const MINUTES = 60_000;

/** Programs that the registry has under another name, or not at all. */
const ELSEWHERE = new Map([
  ['Bruno', '@usebruno/cli'],
  ['curl', undefined],
]);

/** @param {string} words such as `oidc-provider 9.13.3, curl 7.88` @returns {{ name: string, seen: string }[]} */
function versionsIn(words) {
  return [...words.matchAll(/(@?[\w./-]+) (\d[\d.]*\d|\d)(?![\w.])/g)].flatMap(([, name = '', seen = '']) => {
    const known = ELSEWHERE.has(name) ? ELSEWHERE.get(name) : name;
    return known === undefined ? [] : [{ name: known, seen }];
  });
}

/** @param {string} name @returns {Promise<string | undefined>} the newest version of a package */
async function newest(name) {
  try {
    return (await execute('npm', ['view', name, 'version'], { timeout: MINUTES })).stdout.trim();
  } catch {
    return undefined;
  }
}

/** @param {string} file @returns {Promise<{ held: boolean, said: string }>} */
async function found(file) {
  try {
    const { stdout } = await execute('bash', [join(FINDINGS, file)], { timeout: 10 * MINUTES });
    return { held: true, said: stdout.trim().split('\n').at(-1) ?? '' };
  } catch (error) {
    const { stdout = '', stderr = '' } = /** @type {{ stdout?: string, stderr?: string }} */ (error);
    return { held: false, said: `${stdout}${stderr}`.trim().split('\n').slice(-3).join('\n    ') };
  }
}

/** @type {Map<string, Map<string, string[]>>} package → version → what was seen with it */
const seenWith = new Map();
/** @param {string} words @param {string} what */
function note(words, what) {
  for (const { name, seen } of versionsIn(words)) {
    const versions = seenWith.get(name) ?? new Map();
    versions.set(seen, [...(versions.get(seen) ?? []), what]);
    seenWith.set(name, versions);
  }
}
for (const [name, { versions }] of Object.entries(TRAPS)) note(versions, `trap/${name}`);
const scripts = readdirSync(FINDINGS).filter((file) => file.endsWith('.sh'));
for (const file of scripts) {
  const [, , head = ''] = readFileSync(join(FINDINGS, file), 'utf8').split('\n');
  note(/\S+ \d[\d.]*\d/.exec(head)?.[0] ?? '', `findings/${file}`);
}
/** The newest version of each package that the page of compatibility is about. @type {Map<string, string>} */
const run = new Map();
for (const target of Object.values(
  JSON.parse(readFileSync(join(COMPATIBILITY, 'package.json'), 'utf8')).optionalDependencies,
)) {
  const [, name = '', version = ''] = /^npm:(.+)@([^@]+)$/.exec(target) ?? [];
  if (version.localeCompare(run.get(name) ?? '', 'en', { numeric: true }) > 0) run.set(name, version);
}
for (const [name, version] of run) note(`${name} ${version}`, 'docs/reference/compatibility.md');

console.log(`versions, as the registry has them; traps were seen on ${TRAPS_SEEN}`);
for (const [name, versions] of [...seenWith].sort()) {
  const now = await newest(name);
  for (const [seen, what] of versions) {
    const same = now === seen || now?.startsWith(`${seen}.`);
    if (now === undefined) console.log(`  ${name} ${seen}: the registry does not say`);
    else if (!same) console.log(`  ${name} ${seen}: ${now} is the newest; look again at ${what.join(', ')}`);
  }
}
console.log('\nfindings, with the versions that they name');
for (const file of scripts) {
  const { held, said } = await found(file);
  console.log(`  ${held ? 'as it was' : 'CHANGED  '}  ${file}${held ? '' : `\n    ${said}`}`);
}
console.log('\nservers, clients and readers, at the versions of packages/compatibility/package.json');
const child = spawn(process.execPath, [join(COMPATIBILITY, 'run.js'), '--check'], {
  stdio: ['ignore', 'pipe', 'inherit'],
});
for await (const line of createInterface({ input: child.stdout }))
  if (/^\S+ [\d.–]+, \d+ s$|CHANGED|otherwise|rows: /.test(line)) console.log(`  ${line}`);
