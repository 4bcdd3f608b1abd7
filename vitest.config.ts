import { defineConfig } from 'vitest/config';
import type { Reporter } from 'vitest/node';

/** Leads the packages' names to their sources, so that unit tests need no build. */
const conditions = ['connectorkit-source'];

/** With CONNECTOR_TEST_STORE=postgres what is otherwise in memory is kept in a PostgreSQL server, started for the run. */
const onPostgres = process.env.CONNECTOR_TEST_STORE === 'postgres';

/** Ends the run with one plain line, and names every test that was skipped: a skipped test proves nothing. */
const closingLine: Reporter = {
  onTestRunEnd(modules) {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const count = (state: string) => tests.filter((each) => each.result().state === state).length;
    for (const each of tests) {
      if (each.result().state === 'skipped') console.log(`skipped: ${each.module.relativeModuleId} > ${each.fullName}`);
    }
    console.log(`Tests: ${count('passed')} passed, ${count('failed')} failed, ${count('skipped')} skipped`);
  },
};

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ['packages/*/src/**/*.test.ts', 'packages/*/test/**/*.test.ts', '*.test.ts'],
    exclude: ['**/node_modules/**', '**/dist/**', 'packages/bench/**'],
    reporters: ['default', closingLine],
    setupFiles: ['vitest.setup.ts', ...(onPostgres ? ['packages/harness/test/on-postgres.ts'] : [])],
    globalSetup: onPostgres ? ['packages/harness/test/shared-postgres.ts'] : [],
    // Against what hangs, not against what is slow: machines differ, and binaries start many times.
    testTimeout: 120_000,
    hookTimeout: 60_000,
  },
});
