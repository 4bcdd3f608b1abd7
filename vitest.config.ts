import { defineConfig } from 'vitest/config';

/** Leads the packages' names to their sources, so that unit tests need no build. */
const conditions = ['connectorkit-source'];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ['packages/*/src/**/*.test.ts', 'packages/*/test/**/*.test.ts', '*.test.ts'],
  },
});
