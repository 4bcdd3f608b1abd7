#!/usr/bin/env node
import { keepCompiled } from './compile-cache.ts';

declare const BUILD: string | undefined;

const argv = process.argv.slice(2);
if (typeof BUILD === 'string') keepCompiled(BUILD, argv[0] ?? '', import.meta.dirname, process.env);
import('./main.ts').then(async ({ main }) => {
  process.exitCode = await main(argv);
});
