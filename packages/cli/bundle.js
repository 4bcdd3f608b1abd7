// Makes dist/: the command as an entry with split chunks, and the templates and examples beside it.
import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const here = dirname(fileURLToPath(import.meta.url));
const dist = join(here, 'dist');
const { optionalDependencies } = JSON.parse(readFileSync(join(here, 'package.json'), 'utf8'));

/** Modules that every start needs but for the arguments, which `--version` does without. */
const CORE =
  /cli[\\/]src[\\/](main|command|version|targets|output[\\/](index|format|frame|pretty|json|subject|text))\.ts$|sdk[\\/]src[\\/]diagnostics\.ts$/;
/** The table of commands, and what reads and describes one. */
const ARGUMENTS = /cli[\\/]src[\\/](arguments|global-options|help|commands[\\/]\w+)\.ts$|yargs-parser/;
/** Modules that open a project. */
const PROJECT = /cli[\\/]src[\\/]context\.ts$|sdk[\\/]src[\\/]project[\\/]index\.ts$/;
/** Modules that read and validate a connection: nearly every command does. */
const CONNECTION =
  /sdk[\\/](src[\\/](?!platforms|openapi|sync|convert|declarations|runtime|connection-tests|language|node|fix(-project)?\.ts|iml[\\/](functions|run|evaluate|compile|values|arithmetic))|generated[\\/](sections|signatures))|jsonc-parser|cli[\\/]src[\\/](severity-overrides|pages|form|commands[\\/]validate\.run)\.ts$/;
/** Modules that run a connection. */
const RUNTIME = /sdk[\\/]src[\\/]runtime[\\/]/;
/** Modules that run the tests of a connection. */
const TESTS = /sdk[\\/]src[\\/]connection-tests[\\/]|cli[\\/]src[\\/](test-session|commands[\\/]test\.run)\.ts$/;
/** Modules that take values from files and stdin, and open a browser. */
const INPUT = /cli[\\/]src[\\/](browser|input)\.ts$/;
/** Modules that connect a connection on this machine. */
const CONNECT = /cli[\\/]src[\\/](run-connection|run-outcome|local-provider|commands[\\/]connect\.run)\.ts$/;
/** The local provider's parts that a connection needs: the harness needs them too. */
const PROVIDER = /harness[\\/]src[\\/]provider[\\/](demo-values|endpoints|headless|stand-in)\.ts$/;
/** Modules that talk to a harness on this machine, without any platform. */
const HARNESS = /cli[\\/]src[\\/](running-harness|harness-control)\.ts$|harness[\\/]src[\\/]token-proof\.ts$/;
/**
 * Libraries in files of their own, which are read only when one is needed, by the package that depends on them. They keep
 * the names of their classes and functions: oidc-provider looks up lifetimes and stores its models by the names of its classes.
 * @type {Record<string, Record<string, string>>}
 */
const LIBRARIES = {
  sdk: { 'decimal.js': 'decimal', 'fast-xml-parser': 'xml', re2js: 're2' },
  harness: { jose: 'jose', 'oidc-provider': 'oidc' },
};
const files = Object.assign({}, ...Object.values(LIBRARIES));

/**
 * oidc-provider warns of every Node that is no long-term release of the newest. The local provider is tested on each that
 * the package supports, so that this would only frighten.
 */
const WITHOUT_WARNING = {
  name: 'without-warning',
  /** @type {(code: string, id: string) => string | undefined} */
  transform(code, id) {
    if (!/oidc-provider[\\/]lib[\\/]index\.js$/.test(id)) return undefined;
    const rest = code.replace(/^ *attention\.warn\('Unsupported runtime.*$/m, '');
    if (rest === code) throw new Error(`${id} no longer warns of Node: this can go`);
    return rest;
  },
};

const bundle = await rolldown({
  cwd: here,
  input: { connector: 'src/connector.ts', main: 'src/main.ts' },
  platform: 'node',
  plugins: [
    {
      name: 'libraries',
      resolveId: (name) => {
        return Object.hasOwn(files, name) ? { id: `./${files[name]}.js`, external: true } : undefined;
      },
    },
  ],
  // Everything is put in, because the libraries take a fifth of their installed size here: only the binaries of SQLite,
  // of which each system installs its own, stay outside.
  external: Object.keys(optionalDependencies),
  resolve: {
    // `import` and `require` are added by how a module is asked for.
    conditionNames: ['connectorkit-source', 'node'],
    mainFields: ['module', 'main'],
  },
  // Our own modules do nothing by being imported, so that a name from the sdk brings only the module that holds it; nor
  // do those of two libraries that do not say so in their package.json.
  treeshake: {
    moduleSideEffects: [
      { test: /packages[\\/](sdk|harness|cli)[\\/]|[\\/](diff|jsonc-parser)[\\/]/, sideEffects: false },
    ],
  },
});
const { output } = await bundle.write({
  dir: dist,
  cleanDir: true,
  // Node starts a CommonJS program sooner than modules, by a quarter of a bare start.
  format: 'cjs',
  minify: true,
  // V8 takes two bytes for each character of a file that has one beyond ASCII, which doubles what reading it costs.
  charset: 'ascii',
  entryFileNames: '[name].js',
  // Not in a folder of their own: they find templates, examples and package.json from where they are.
  chunkFileNames: '[name].js',
  // Few files for what is often started: each further one takes about a millisecond to find.
  codeSplitting: {
    groups: [
      { name: 'core', test: CORE },
      { name: 'arguments', test: ARGUMENTS },
      { name: 'project', test: PROJECT },
      { name: 'connection', test: CONNECTION },
      { name: 'running', test: HARNESS },
      { name: 'runtime', test: RUNTIME },
      { name: 'tests', test: TESTS },
      { name: 'input', test: INPUT },
      { name: 'local-provider', test: PROVIDER },
      { name: 'connect', test: CONNECT },
    ],
  },
});
await bundle.close();
for (const [user, names] of Object.entries(LIBRARIES)) {
  const libraries = await rolldown({
    cwd: join(here, '..', user),
    input: Object.fromEntries(Object.entries(names).map(([name, file]) => [file, name])),
    platform: 'node',
    plugins: [WITHOUT_WARNING],
    // depd evaluates code in its own scope, whose names the minifier therefore keeps.
    checks: { eval: false },
  });
  const built = await libraries.write({
    dir: dist,
    format: 'cjs',
    exports: 'named',
    keepNames: true,
    minify: { mangle: { keepNames: true }, compress: { keepNames: { function: true, class: true } } },
    entryFileNames: '[name].js',
    chunkFileNames: `${user}-[name].js`,
  });
  output.push(...built.output);
  await libraries.close();
}
const entry = join(dist, 'connector.js');
/** @type {Record<string, string[]>} What is in which file, for the tests; it is not published. */
const inside = {};
for (const part of output) if (part.type === 'chunk') inside[part.fileName] = part.moduleIds;
const modules = Object.values(inside).flat();
writeFileSync(join(dist, 'modules.json'), JSON.stringify(inside, undefined, 1));
const licenses = join(here, '../sdk/licenses.js');
execFileSync(process.execPath, [licenses, join(dist, 'licenses.txt')], { input: modules.join('\n') });
chmodSync(entry, 0o755);
// Only what the release workflow builds is published: projects that it makes depend on its version.
const released = process.env.CONNECTORKIT_RELEASE === '1' ? { released: true } : {};
writeFileSync(join(dist, 'package.json'), `${JSON.stringify({ type: 'commonjs', ...released })}\n`);

// The only function that other packages call; its whole type would lead to packages that are bundled.
writeFileSync(
  join(dist, 'main.d.ts'),
  `/** Runs a command line, prints what there is to say, and gives the exit code. Never rejects. */
export declare function main(
  argv: readonly string[],
  surroundings?: {
    /** Name that the program was started by (default: connector). */
    readonly program?: string;
    readonly cwd?: string;
    readonly environment?: Readonly<Record<string, string | undefined>>;
  },
): Promise<number>;
`,
);

// Where editors find them in a project, without the internet.
for (const library of ['sdk', 'harness']) {
  cpSync(join(here, '..', library, 'generated/schemas'), join(dist, 'schemas'), { recursive: true });
}

copyProject(join(here, '../../scaffold'), join(dist, 'scaffold'));
for (const folder of ['templates', 'examples']) {
  const from = join(here, '../..', folder);
  const names = readdirSync(from, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  for (const { name } of names) copyProject(join(from, name), join(dist, folder, name));
}

/**
 * npm leaves out files such as .gitignore, so names with a dot at the beginning are stored with an underscore.
 * @param {string} from
 * @param {string} to
 */
function copyProject(from, to) {
  const leftOut = /^(node_modules|\.connector|\.git|.*\.local\.json|.*\.tsbuildinfo)$/;
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    if (leftOut.test(entry.name) || entry.isSymbolicLink()) continue;
    if (entry.name.startsWith('_')) throw new Error(`${join(from, entry.name)} begins with an underscore`);
    const target = join(to, entry.name.replace(/^\./, '_'));
    if (entry.isDirectory()) copyProject(join(from, entry.name), target);
    else cpSync(join(from, entry.name), target);
  }
}
