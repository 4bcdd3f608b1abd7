// Writes the licenses of the packages that a bundle holds, each as its package ships it:
// node licenses.js FILE < the paths of all modules in the bundle, a line each.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const [file = ''] = process.argv.slice(2);
const modules = readFileSync(process.stdin.fd, 'utf8').split('\n');
// The console is one module of the harness, made of those that its own build lists.
if (modules.some((path) => /harness[\\/]generated[\\/]console\.js$/.test(path))) {
  modules.push(...JSON.parse(readFileSync(join(import.meta.dirname, '../console/build/modules.json'), 'utf8')));
}
writeFileSync(file, licensesOf(modules));

/** @param {Iterable<string>} modules */
function licensesOf(modules) {
  /** @type {Map<string, string>} */
  const notices = new Map();
  for (const folder of new Set([...modules].flatMap((path) => packageOf(path) ?? []))) {
    const { name, version, license, author } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const files = readdirSync(folder).filter((file) => /^(licen[cs]e|copying|notice)/i.test(file));
    const texts = files.map((file) => readFileSync(join(folder, file), 'utf8').trim());
    // A few packages ship no text: then its author, who the license belongs to, is named if the package names one.
    if (texts.length === 0)
      texts.push(`By ${author?.name ?? author ?? 'its contributors'}. The package has no license file.`);
    notices.set(`${name}@${version}`, [`${name} ${version}, ${license}`, ...texts].join('\n\n'));
  }
  const sorted = [...notices].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, notice]) => notice);
  return `These packages are part of the bundle.\n\n${sorted.join(`\n\n${'-'.repeat(80)}\n\n`)}\n`;
}

/** The folder of the installed package that a module belongs to. @param {string} path */
function packageOf(path) {
  if (!/[\\/]node_modules[\\/]/.test(path) || path.startsWith('\0')) return undefined;
  for (let folder = dirname(path); folder !== dirname(folder); folder = dirname(folder)) {
    const manifest = join(folder, 'package.json');
    // Folders inside a package may have one without a name, which only says what kind its modules are.
    if (existsSync(manifest) && JSON.parse(readFileSync(manifest, 'utf8')).version !== undefined) return folder;
  }
  return undefined;
}
