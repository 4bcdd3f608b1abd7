import { command, type Module } from '../command.ts';

export const test = command({
  name: 'test',
  summary: 'run the tests of connections, without a network',
  positionals: {
    connections: {
      describe: 'Ids of the connections to test (default: all)',
      example: 'main',
      many: true,
      values: 'connections',
    },
  },
  options: {
    update: {
      type: 'boolean',
      describe: 'Update the tests to what the connections do now; shows the changes, and asks before it writes',
    },
    yes: { type: 'boolean', describe: 'With --update: write without asking' },
    watch: { type: 'boolean', describe: 'Keep running, and run what a change touches' },
    changed: {
      type: 'string',
      value: 'ref',
      bare: 'HEAD',
      describe: 'Run only what changed since <ref> (default: HEAD)',
    },
    strict: { type: 'boolean', describe: 'Fail when a connection has no tests, and for each warning' },
    coverage: { type: 'boolean', describe: 'Show what of the sections no test reaches' },
    lcov: { type: 'string', value: 'file', describe: 'Write the coverage to <file>, in LCOV’s format' },
  },
  examples: [
    ['connector test', 'all tests of the project'],
    ['connector test main --coverage', 'one connection, and what its tests do not reach'],
    ['connector test --update', 'update the tests with the current requests and results'],
    ['connector test --watch', 'run what a change touches, on every save'],
    ['connector test --changed origin/main --strict', 'only what this branch changes'],
    ['connector test --format junit=tests.xml --lcov lcov.info', 'reports for CI'],
  ],
  load: (): Promise<Module> => import('./test.run.ts'),
});
