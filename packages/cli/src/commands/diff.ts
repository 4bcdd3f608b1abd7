import { command, type Module, ORIGIN } from '../command.ts';
import { ALLOW_DESTRUCTIVE, CHECK_COMMON, CONFLICT_OPTIONS } from '../conflict-options.ts';

export const diff = command({
  name: 'diff',
  summary: 'show what changed on an origin, and what a push would do',
  positionals: {},
  options: {
    origin: ORIGIN,
    'exit-code': { type: 'boolean', describe: 'Exit with 3 when there is any difference' },
    out: { type: 'string', value: 'file', describe: 'Save the plan to a file for `connector push --plan`' },
    ours: CONFLICT_OPTIONS.ours,
    'allow-destructive': ALLOW_DESTRUCTIVE,
    'check-common': CHECK_COMMON,
  },
  examples: [
    ['connector diff', 'compare with the only origin, or with the harness'],
    ['connector diff --origin make --exit-code', 'for continuous integration'],
    ['connector diff --origin make --out plan.json', 'save the plan for review, push it later'],
  ],
  load: (): Promise<Module> => import('./diff.run.ts'),
});
