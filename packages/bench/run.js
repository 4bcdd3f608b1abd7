// Runs the benchmark that is named, as in `pnpm bench iml`. The libraries that it compares with are installed first:
// they have a lockfile of their own, so that nobody else has to install them.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const here = import.meta.dirname;
/** Name → file; the other files are parts of these. */
const files = new Map([
  ['harness', 'harness.js'],
  ['console', 'console.js'],
  ['store', 'store.js'],
  ['soak', 'soak.js'],
  ['starts', 'starts.js'],
  ['flat', 'flat.js'],
  ['iml', 'iml.js'],
  ['validate', 'validate.js'],
  ['watch', 'watch.js'],
  ['types', 'declarations.js'],
  ['schema', 'schema.js'],
  ['sync', 'sync.js'],
  ['runtime', 'runtime.js'],
  ['openapi', 'openapi.js'],
  ['connect', 'connect.js'],
  ['tests', 'tests.js'],
  ['lsp', 'lsp.js'],
]);
const [name = ''] = process.argv.slice(2).filter((word) => word !== '--');

const file = files.get(name);
if (file === undefined) {
  console.error(`Name a benchmark: ${[...files.keys()].map((each) => `pnpm bench ${each}`).join(', ')}.`);
  process.exit(2);
}
if (!existsSync(join(here, 'node_modules'))) {
  const { status } = spawnSync(
    'pnpm',
    ['install', '--ignore-workspace', '--frozen-lockfile', '--config.strict-dep-builds=false'],
    {
      cwd: here,
      stdio: 'inherit',
    },
  );
  if (status !== 0) process.exit(status ?? 1);
}
await import(`./${file}`);
