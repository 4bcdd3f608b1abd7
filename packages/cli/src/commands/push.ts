import { command, type Module, ORIGIN } from '../command.ts';
import { ALLOW_DESTRUCTIVE, CHECK_COMMON, CONFLICT_OPTIONS } from '../conflict-options.ts';

export const push = command({
  name: 'push',
  summary: 'push the project to an origin',
  positionals: {},
  options: {
    origin: ORIGIN,
    'dry-run': { type: 'boolean', describe: 'Show the plan without changing anything' },
    plan: {
      type: 'string',
      value: 'file',
      describe: 'Apply exactly the plan saved by `connector diff --out`, or nothing',
    },
    ...CONFLICT_OPTIONS,
    'allow-destructive': ALLOW_DESTRUCTIVE,
    'check-common': CHECK_COMMON,
    yes: { type: 'boolean', describe: 'Do not ask for confirmation' },
  },
  examples: [
    ['connector push', 'push to the only origin, or to the harness'],
    ['connector push --origin make --dry-run', 'show the plan only'],
    ['connector push --origin make --ours github/api --yes', 'overwrite what others changed in one section'],
    ['connector push --plan plan.json --yes', 'apply a reviewed plan'],
  ],
  load: (): Promise<Module> => import('./push.run.ts'),
});
