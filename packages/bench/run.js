// Runs the benchmark that is named, as in `pnpm bench iml`. The libraries that it compares with are installed first:
// they have a lockfile of their own, so that nobody else has to install them.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const here = import.meta.dirname;
/** Each is a file of its own; the others are parts of them. */
const names = ['iml', 'validate', 'watch'];
const [name = ''] = process.argv.slice(2).filter((word) => word !== '--');

if (!names.includes(name)) {
  console.error(`Name a benchmark: ${names.map((each) => `pnpm bench ${each}`).join(', ')}.`);
  process.exit(2);
}
if (!existsSync(join(here, 'node_modules'))) {
  const { status } = spawnSync('pnpm', ['install', '--ignore-workspace', '--frozen-lockfile'], {
    cwd: here,
    stdio: 'inherit',
  });
  if (status !== 0) process.exit(status ?? 1);
}
await import(`./${name}.js`);
