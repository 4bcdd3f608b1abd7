// What moved since the traps and the findings were last seen: which of the versions that they name are no longer the
// newest, and whether the scripts in findings/ still find what they say. It needs the registry, and fails nothing.
//   pnpm traps
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { TRAPS, TRAPS_SEEN } from './dist/index.js';

const run = promisify(execFile);
const FINDINGS = join(import.meta.dirname, '../../findings');
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
    return (await run('npm', ['view', name, 'version'], { timeout: MINUTES })).stdout.trim();
  } catch {
    return undefined;
  }
}

/** @param {string} file @returns {Promise<{ held: boolean, said: string }>} */
async function found(file) {
  try {
    const { stdout } = await run('bash', [join(FINDINGS, file)], { timeout: 10 * MINUTES });
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
