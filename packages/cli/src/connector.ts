#!/usr/bin/env node
import { enableCompileCache } from './compile-cache.ts';

enableCompileCache(process.env);
import('./main.ts').then(async ({ main }) => {
  process.exitCode = await main(process.argv.slice(2));
});
