// Makes one file of each entry of a library, and one of each part that they share or load when asked: hundreds of modules
// take longer to find than to run. `node bundle.js` in the library's folder, after its modules and types were built.
import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { rolldown } from 'rolldown';

const library = process.cwd();
const dist = join(library, 'dist');
const { dependencies, exports } = JSON.parse(readFileSync(join(library, 'package.json'), 'utf8'));

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
  external: Object.keys(dependencies).map((name) => new RegExp(`^${name}(/|$)`)),
  resolve: { mainFields: ['module', 'main'] },
  treeshake: { moduleSideEffects: false },
});
rmSync(join(dist, 'parts'), { recursive: true, force: true });
const { output } = await bundle.write({ dir: dist, format: 'esm', chunkFileNames: 'parts/[name].js' });
await bundle.close();
const modules = output.flatMap((part) => (part.type === 'chunk' ? part.moduleIds : []));
const licenses = join(import.meta.dirname, 'licenses.js');
execFileSync(process.execPath, [licenses, join(dist, 'licenses.txt')], { input: modules.join('\n') });
