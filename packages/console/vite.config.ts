import { defineConfig } from 'vite';

export default defineConfig({
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
  },
  logLevel: 'warn',
});
