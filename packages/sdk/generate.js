// @ts-check
/**
 * Compiles the schemas of the tables into plain functions, so that no schema compiler is loaded when they run.
 * `pnpm --filter ./packages/sdk generate`, before tsc.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import standalone from 'ajv/dist/standalone/index.js';
import { compile } from 'json-schema-to-typescript';
import { rolldown } from 'rolldown';
import { predicates } from './predicates.js';

const ROOT = dirname(fileURLToPath(import.meta.url));

const OWN = '"$ref":"#/$defs/';

/**
 * One entry for each file in generated/. `only` says that its functions give yes or no and nothing else; `publish`
 * writes the schemas themselves as well; `types` gives declarations beside those of the validators.
 * @type {{ out: string, entry: string, schemas: (tables: any) => Record<string, any>, only: boolean, publish: boolean, types?: (tables: any) => Promise<string> }[]}
 */
const JOBS = [
  {
    out: 'sections.js',
    only: true,
    publish: true,
    entry: `
      export { SECTIONS } from './src/sections/index.ts';
      export { PROJECT_SCHEMAS } from './src/project/schemas.ts';
    `,
    schemas: ({ SECTIONS, PROJECT_SCHEMAS }) =>
      Object.assign({}, ...SECTIONS.map((/** @type {any} */ section) => section.schemas), PROJECT_SCHEMAS),
  },
  ...platforms().map((name) => ({
    out: `${name}.js`,
    only: false,
    publish: false,
    entry: `
      export { contract } from './src/platforms/${name}/contract/index.ts';
      export { schemasOf, typesSchemaOf } from './src/platforms/contract-schemas.ts';
    `,
    schemas: (/** @type {any} */ { contract, schemasOf }) => schemasOf(contract),
    types: (/** @type {any} */ { contract, typesSchemaOf }) =>
      compile(typesSchemaOf(contract), 'Operations', { bannerComment: '', additionalProperties: false }),
  })),
];

for (const { out, entry, schemas, only, publish, types } of JOBS) {
  const tables = await load(entry);
  if (only) await compilePredicates(schemas(tables), out);
  else await compileValidators(schemas(tables), out, (await types?.(tables)) ?? '');
  if (publish) publishSchemas(schemas(tables));
}

const build = buildOf(join(ROOT, 'src'), createHash('sha256')).digest('base64url');
write('build.js', `/** Another one whenever the sdk is. */\nexport const BUILD = ${JSON.stringify(build)};\n`);
write('build.d.ts', 'export declare const BUILD: string;\n');
await writeSignatures();

/**
 * Adds the sources to the hash, in the order of their names.
 * @param {string} folder
 * @param {import('node:crypto').Hash} hash
 */
function buildOf(folder, hash) {
  const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) buildOf(path, hash);
    else if (!entry.name.endsWith('.test.ts')) hash.update(readFileSync(path));
  }
  return hash;
}

/** What the code exports. It may find libraries from where it is. @param {string} code @returns {Promise<any>} */
async function load(code) {
  const file = join(ROOT, `generated-${process.pid}.js`);
  writeFileSync(file, await bundle(code));
  try {
    return await import(`${pathToFileURL(file).href}?${code.length}`);
  } finally {
    rmSync(file);
  }
}

/** Writes `generated/signatures.js`: how the built-in functions are called, without the functions. */
async function writeSignatures() {
  const { FUNCTIONS } = await load(`export { FUNCTIONS } from './src/iml/functions/index.ts';`);
  const signatures = [...FUNCTIONS.values()].map(({ name, parameters, returns, documented }) => {
    return { name, parameters, returns, ...(documented === undefined ? {} : { documented }) };
  });
  write('signatures.js', `export const signatures = JSON.parse(${JSON.stringify(JSON.stringify(signatures))});\n`);
  write('signatures.d.ts', 'export declare const signatures: readonly { readonly name: string }[];\n');
}

/**
 * Writes `generated/schemas/<name>.schema.json` for editors, which read schemas and know nothing of ours.
 * @param {Record<string, any>} schemas
 */
function publishSchemas(schemas) {
  for (const [name, schema] of Object.entries(schemas)) {
    write(join('schemas', `${name}.schema.json`), `${JSON.stringify(schema, undefined, 2)}\n`);
  }
}

/** The folders under src/platforms: each has a contract. */
function platforms() {
  const entries = readdirSync(join(ROOT, 'src', 'platforms'), { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
}

/**
 * Writes `generated/<outFile>` with `validators`, a map from the names of the schemas to predicates, and its types.
 * @param {Record<string, any>} schemas
 * @param {string} outFile
 */
async function compilePredicates(schemas, outFile) {
  write(outFile, await bundle(predicates(schemas), ['validators']));
  const names = Object.keys(schemas).map((name) => `  readonly ${JSON.stringify(name)}: (value: unknown) => boolean;`);
  write(outFile.replace(/\.js$/, '.d.ts'), `export declare const validators: {\n${names.join('\n')}\n};\n`);
}

/**
 * Writes `generated/<outFile>` with `validators`, a map from the names of the schemas to their functions, and its types.
 * @param {Record<string, any>} schemas
 * @param {string} outFile
 * @param {string} declarations
 */
async function compileValidators(schemas, outFile, declarations) {
  const ajv = new Ajv2020({
    allErrors: true,
    messages: false,
    strict: true,
    strictRequired: false,
    allowUnionTypes: true,
    inlineRefs: false,
    code: { source: true, esm: true },
  });
  const names = Object.keys(schemas);
  /** @type {Map<string, string>} */
  const shared = new Map();
  // Equal schemas are one function: a contract's refusals are the same for all its operations.
  /** @type {Map<string, string>} text of the schema → the function that checks it */
  const functions = new Map();
  for (const name of names) {
    const schema = share(schemas[name], shared);
    const text = JSON.stringify(schema);
    if (functions.has(text)) continue;
    functions.set(text, `v${functions.size}`);
    ajv.addSchema(schema, functions.get(text));
  }
  for (const [definitions, id] of shared) ajv.addSchema(JSON.parse(definitions.replaceAll(OWN, there(id))), id);
  const code = standalone.default(ajv, Object.fromEntries([...functions.values()].map((each) => [each, each])));
  const map = names
    .map((name) => `  ${JSON.stringify(name)}: ${functions.get(JSON.stringify(share(schemas[name], shared)))},`)
    .join('\n');
  write(outFile, await bundle(`${code}\nexport const validators = {\n${map}\n};\n`, ['validators']));
  write(outFile.replace(/\.js$/, '.d.ts'), `${types(names)}${declarations}`);
}

/** @param {string} id */
function there(id) {
  return `"$ref":"${id}#/$defs/`;
}

/**
 * The schema with its definitions in a document of their own, so that schemas with equal ones share their code.
 * @param {any} schema
 * @param {Map<string, string>} shared text of the definitions → id of their document
 * @returns {any}
 */
function share({ $defs, ...schema }, shared) {
  if ($defs === undefined) return schema;
  const definitions = JSON.stringify({ $defs });
  const id = shared.get(definitions) ?? `definitions-${shared.size}`;
  shared.set(definitions, id);
  return JSON.parse(JSON.stringify(schema).replaceAll(OWN, there(id)));
}

/**
 * The code with everything that it imports or requires in one module.
 * @param {string} code as of a module in this folder
 * @param {string[]} [keep] its exports that are wanted; all unless said
 * @returns {Promise<string>}
 */
async function bundle(code, keep) {
  const file = join(ROOT, 'generated-entry.js');
  const source = join(ROOT, 'generated-source.js');
  const text = keep === undefined ? code : `export { ${keep.join(', ')} } from './generated-source.js';`;
  const virtual = new Map([
    [file, text],
    [source, code],
  ]);
  const build = await rolldown({
    input: file,
    platform: 'node',
    logLevel: 'warn',
    plugins: [
      {
        name: 'virtual',
        resolveId: (id) => {
          const path = id.startsWith('./generated-') ? join(ROOT, id) : id;
          return virtual.has(path) ? path : null;
        },
        load: (id) => virtual.get(id) ?? null,
      },
    ],
  });
  try {
    const { output } = await build.generate({ format: 'esm', codeSplitting: false, minify: keep !== undefined });
    return output[0].code;
  } finally {
    await build.close();
  }
}

/**
 * @param {string[]} names
 * @returns {string}
 */
function types(names) {
  return `/** One broken keyword of a schema, in the schema compiler's terms. */
export interface Violation {
  readonly instancePath: string;
  readonly keyword: string;
  readonly params: { readonly [name: string]: unknown };
}

export interface Validator {
  (value: unknown): boolean;
  errors: readonly Violation[] | null;
}

export declare const validators: {
${names.map((name) => `  readonly ${JSON.stringify(name)}: Validator;`).join('\n')}
};
`;
}

/**
 * Writes a file whole, and only when it changes, so that what is built from it stays fresh.
 * @param {string} name
 * @param {string} text
 */
function write(name, text) {
  const file = join(ROOT, 'generated', name);
  mkdirSync(dirname(file), { recursive: true });
  try {
    if (readFileSync(file, 'utf8') === text) return;
  } catch {
    // Not there yet.
  }
  const temporary = `${file}.${process.pid}`;
  writeFileSync(temporary, text);
  renameSync(temporary, file);
}
