// Where the versions of a peer are: packages of npm under an alias for each version, a package of PyPI, or a program of
// this machine. What is not there is told with why, and not run.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const here = import.meta.dirname;
const { optionalDependencies: aliases } = JSON.parse(readFileSync(join(here, 'package.json'), 'utf8'));

/** @typedef {{ version: string, place: string, missing?: string }} Edition */

/** @param {import('./peers.js').Peer} peer @returns {Edition[]} */
export function editionsOf({ name, program, python }) {
  if (program !== undefined) return [ofProgram(program)];
  if (python !== undefined) return [ofPython(name, python)];
  const found = Object.entries(aliases).flatMap(([alias, target]) => {
    const [, packageName, version = ''] = /^npm:(.+)@([^@]+)$/.exec(target) ?? [];
    if (packageName !== name) return [];
    const place = join(here, 'node_modules', alias);
    if (existsSync(place)) return [{ version, place }];
    return [{ version, place, missing: whyNot(`${name}@${version}`) }];
  });
  // The newest first.
  return found.sort((a, b) => b.version.localeCompare(a.version, 'en', { numeric: true }));
}

/** Why a package of the lock file is not installed. @param {string} id */
function whyNot(id) {
  const lock = readFileSync(join(here, 'pnpm-lock.yaml'), 'utf8');
  const entry = lock.slice(lock.indexOf(`\n  '${id}':`) + 1).split(/\n {2}\S/, 2)[0] ?? '';
  const [, wanted] = /engines: \{node: '?([^'}]+)'?\}/.exec(entry) ?? [];
  return wanted === undefined
    ? 'its installation failed'
    : `it runs on Node.js ${wanted}, and this is ${process.versions.node}`;
}

/** @param {import('./peers.js').Program} program @returns {Edition} */
function ofProgram({ command, version: words, at = [] }) {
  const place = [command, ...at].find((each) => spawnSync(each, words, { encoding: 'utf8' }).status === 0);
  if (place === undefined) return { version: '–', place: command, missing: `${command} is not installed` };
  const { stdout, stderr } = spawnSync(place, words, { encoding: 'utf8' });
  const [version = '–'] = /\d+\.\d+(\.\d+)?/.exec(`${stdout}${stderr}`) ?? [];
  return { version, place };
}

/** @param {string} name @param {string} version @returns {Edition} */
function ofPython(name, version) {
  const place = join(here, 'node_modules', `.python-${name}-${version}`);
  if (!existsSync(place)) {
    const words = ['-m', 'pip', 'install', '--quiet', '--no-deps', '--target', place, `${name}==${version}`];
    const { status, error, stderr } = spawnSync('python3', words, { encoding: 'utf8' });
    const why = error === undefined ? (stderr.match(/^ERROR: .*$/m)?.[0] ?? stderr.trim()) : 'python3 is not installed';
    if (status !== 0) return { version, place, missing: `its installation failed: ${why}` };
  }
  return { version, place };
}
