// Makes one file of the entry of a library, and one of each part that it loads when asked: hundreds of modules take
// longer to find than to run. `node bundle.js` in the library's folder, after its modules and types were built.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { rolldown } from 'rolldown';

const library = process.cwd();
const dist = join(library, 'dist');

const bundle = await rolldown({
  cwd: library,
  input: { index: 'src/index.ts' },
  platform: 'node',
  // What is installed stays what it is, so that all who use it use the same.
  external: /^(?![.#\0])(?!\/)(?![A-Za-z]:[\\/])/,
  treeshake: { moduleSideEffects: false },
});
rmSync(join(dist, 'parts'), { recursive: true, force: true });
await bundle.write({ dir: dist, format: 'esm', chunkFileNames: 'parts/[name].js' });
await bundle.close();
