import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { defineConfig } from 'vite';

const SHARED =
  /preact|console[\\/]src[\\/](?:\w+\.tsx?|views[\\/](?:index\.ts|connections\.tsx)|connection[\\/](?:list\.tsx|answers\.ts)|parts[\\/](?:arrows|states|diagnostics|table)\.tsx?)$/;

/** The paths of all modules in the page, as JSON: their licenses stand in the packages that hold it. */
const MODULES = join(import.meta.dirname, 'build/modules.json');

export default defineConfig({
  plugins: [
    {
      name: 'list-modules',
      writeBundle(_, bundle) {
        const modules = Object.values(bundle).flatMap((part) => (part.type === 'chunk' ? part.moduleIds : []));
        mkdirSync(dirname(MODULES), { recursive: true });
        writeFileSync(MODULES, JSON.stringify(modules));
      },
    },
  ],
  base: '/__harness/console/',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    target: 'es2022',
    // Names with a hash of the content, which the harness lets browsers keep for ever.
    assetsDir: 'assets',
    // Its security policy allows neither inline scripts nor data in place of files.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    // What every view needs is one file: a browser asks for few files sooner than for many.
    rolldownOptions: {
      output: { codeSplitting: { groups: [{ name: 'shared', test: SHARED }] } },
    },
  },
  logLevel: 'warn',
});
