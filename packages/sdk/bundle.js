// Makes dist/: one file of each entry of a library, and one of each part that they share or load when asked, because
// hundreds of modules take longer to find than to run; and the declarations that the entries lead to. `node bundle.js` in
// the library's folder, after its modules and types were built into build/.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { rolldown } from 'rolldown';

const library = process.cwd();
const dist = join(library, 'dist');
const { dependencies, optionalDependencies, exports } = JSON.parse(readFileSync(join(library, 'package.json'), 'utf8'));

/** What each entry is called, and its source. @type {Record<string, string>} */
const input = {};
for (const { 'connectorkit-source': source } of Object.values(exports)) {
  if (source !== undefined) input[source.replace(/^\.\/src\/|\.ts$/g, '')] = source;
}

const bundle = await rolldown({
  cwd: library,
  input,
  platform: 'node',
  // What is installed beside the library stays what it is, so that all who use it use the same. Small packages that
  // are always needed are put in.
  external: Object.keys({ ...dependencies, ...optionalDependencies }).map((name) => new RegExp(`^${name}(/|$)`)),
  resolve: { mainFields: ['module', 'main'] },
  treeshake: { moduleSideEffects: false },
});
rmSync(dist, { recursive: true, force: true });
const { output } = await bundle.write({ dir: dist, format: 'esm', chunkFileNames: 'parts/[name].js' });
await bundle.close();
const modules = output.flatMap((part) => (part.type === 'chunk' ? part.moduleIds : []));
const licenses = join(import.meta.dirname, 'licenses.js');
execFileSync(process.execPath, [licenses, join(dist, 'licenses.txt')], { input: modules.join('\n') });

/** Declarations that were copied. @type {Set<string>} */
const declared = new Set();
for (const name of Object.keys(input)) declare(`${name}.d.ts`);

/**
 * Copies the declarations of a module and those that it leads to, with the names that the modules have when they run.
 * Those of what was generated come beside them.
 * @param {string} file
 */
function declare(file) {
  const source = file.startsWith('generated/') ? join(library, file) : join(library, 'build', file);
  if (declared.has(file) || !existsSync(source)) return;
  declared.add(file);
  const generated = posix.relative(posix.dirname(file), 'generated');
  const text = readFileSync(source, 'utf8')
    .replace(/(['"])(\.{1,2}\/[^'"\n]+)\.ts\1/g, '$1$2.js$1')
    .replace(/(['"])#generated\//g, `$1${generated.startsWith('.') ? generated : `./${generated}`}/`);
  mkdirSync(dirname(join(dist, file)), { recursive: true });
  writeFileSync(join(dist, file), text);
  for (const [, path = ''] of text.matchAll(/['"](\.{1,2}\/[^'"\n]+)\.js['"]/g)) {
    declare(`${posix.join(posix.dirname(file), path)}.d.ts`);
  }
}
