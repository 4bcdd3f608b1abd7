import { ALLOW_DESTRUCTIVE, CHECK_COMMON, CHOICES } from '../choices.ts';
import { command, type Module, ORIGIN } from '../command.ts';

export const diff = command({
  name: 'diff',
  summary: 'shows what others changed on an origin, and what a push would do',
  positionals: {},
  options: {
    origin: ORIGIN,
    'exit-code': { type: 'boolean', describe: 'End with 3 when there is any difference' },
    out: { type: 'string', value: 'file', describe: 'Save the plan, for `connector push --plan`' },
    ours: CHOICES.ours,
    'allow-destructive': ALLOW_DESTRUCTIVE,
    'check-common': CHECK_COMMON,
  },
  examples: [
    ['connector diff', 'against the only origin, or the harness'],
    ['connector diff --origin make --exit-code', 'for continuous integration'],
    ['connector diff --origin make --out plan.json', 'for review now, and push later'],
  ],
  load: (): Promise<Module> => import('./diff.run.ts'),
});
