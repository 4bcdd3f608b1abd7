// @ts-check
/**
 * Writes what is made of the schemas of seeds: their types, and the schemas themselves for editors; and the files of the
 * console as a module. `pnpm --filter ./packages/harness generate`, after that of the sdk and the console's `bundle`, and
 * before tsc.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { compile } from 'json-schema-to-typescript';
import { rolldown } from 'rolldown';

const ROOT = dirname(fileURLToPath(import.meta.url));

const folders = readdirSync(join(ROOT, 'src', 'platforms'), { withFileTypes: true });
/** @type {Record<string, string>} Name → folder of what can be seeded. */
const seeded = { provider: './src/provider' };
for (const entry of folders) if (entry.isDirectory()) seeded[entry.name] = `./src/platforms/${entry.name}`;
const names = Object.keys(seeded).sort();
const schemas = await load(
  names.map((name) => `export { SEED as ${name} } from '${seeded[name]}/seed-schema.ts';`).join('\n'),
);
const declarations = [];
for (const name of names) {
  const title = `${name.charAt(0).toUpperCase()}${name.slice(1)}Seed`;
  declarations.push(
    await compile({ ...schemas[name], title }, title, { bannerComment: '', ignoreMinAndMaxItems: true }),
  );
  write(join('schemas', `${name}-seed.schema.json`), `${JSON.stringify(schemas[name], undefined, 2)}\n`);
}
const seeds = names.map((name) => `  ${name}: ${name.charAt(0).toUpperCase()}${name.slice(1)}Seed;\n`);
declarations.push(
  `/** What each platform can be seeded with, by its name. */\nexport interface Seeds {\n${seeds.join('')}}\n`,
);
write('seeds.d.ts', declarations.join('\n'));

// The console is a module, so that it is found wherever the harness is bundled into.
const TYPES = new Map([
  ['.html', 'text/html; charset=utf-8'],
  ['.js', 'text/javascript; charset=utf-8'],
  ['.css', 'text/css; charset=utf-8'],
  ['.svg', 'image/svg+xml'],
]);
const built = join(ROOT, '../console/dist');
/** @type {Record<string, { type: string, gzip: string }>} */
const files = {};
for (const entry of readdirSync(built, { recursive: true, withFileTypes: true })) {
  if (!entry.isFile()) continue;
  const path = join(entry.parentPath, entry.name);
  const type = TYPES.get(extname(path));
  if (type === undefined) throw new Error(`no media type is known for ${path}`);
  const name = path.slice(built.length + 1).replaceAll('\\', '/');
  files[name] = { type, gzip: gzipSync(readFileSync(path), { level: 9 }).toString('base64') };
}
write('console.js', `export const FILES = ${JSON.stringify(files, undefined, 1)};\n`);
write(
  'console.d.ts',
  `/** The files of the console by path below its own, compressed by gzip, in base64. */
export declare const FILES: Readonly<Record<string, { readonly type: string; readonly gzip: string }>>;
`,
);

/** What the code exports. @param {string} code @returns {Promise<any>} */
async function load(code) {
  const entry = join(ROOT, 'generated-entry.ts');
  const build = await rolldown({
    cwd: ROOT,
    input: entry,
    platform: 'node',
    resolve: { conditionNames: ['connectorkit-source', 'node', 'import', 'module', 'default'] },
    treeshake: { moduleSideEffects: false },
    plugins: [
      { name: 'entry', resolveId: (id) => (id === entry ? id : null), load: (id) => (id === entry ? code : null) },
    ],
  });
  const file = join(ROOT, `generated-${process.pid}.js`);
  const { output } = await build.generate({ format: 'esm', codeSplitting: false });
  await build.close();
  writeFileSync(file, output[0].code);
  try {
    return await import(pathToFileURL(file).href);
  } finally {
    rmSync(file);
  }
}

/** Writes a file only when it changes, so that what is built from it stays fresh. @param {string} name @param {string} text */
function write(name, text) {
  const file = join(ROOT, 'generated', name);
  mkdirSync(dirname(file), { recursive: true });
  try {
    if (readFileSync(file, 'utf8') === text) return;
  } catch {
    // Not there yet.
  }
  writeFileSync(file, text);
}
