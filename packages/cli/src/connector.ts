#!/usr/bin/env node
import { keepCompiled } from './compile-cache.ts';

declare const BUILD: string | undefined;

const argv = process.argv.slice(2);
if (typeof BUILD === 'string') keepCompiled(BUILD, argv[0] ?? '', import.meta.dirname, process.env);
import('./main.ts').then(async ({ main, printed }) => {
  const code = await main(argv);
  await printed();
  // Otherwise Node waits for all that V8 still wants to compile, which nobody will run.
  process.exit(code);
});
