import { ALLOW_DESTRUCTIVE, CHECK_COMMON, CHOICES } from '../choices.ts';
import { command, type Module, ORIGIN } from '../command.ts';

export const push = command({
  name: 'push',
  summary: 'brings an origin to what the project declares',
  positionals: {},
  options: {
    origin: ORIGIN,
    'dry-run': { type: 'boolean', describe: 'Show what would be done, and do nothing' },
    plan: {
      type: 'string',
      value: 'file',
      describe: 'Do exactly what a plan of `connector diff --out` says, or nothing',
    },
    ...CHOICES,
    'allow-destructive': ALLOW_DESTRUCTIVE,
    'check-common': CHECK_COMMON,
    yes: { type: 'boolean', describe: 'Do not ask before anything is changed on a platform' },
  },
  examples: [
    ['connector push', 'to the only origin, or to the harness'],
    ['connector push --origin make --dry-run', 'show the plan'],
    ['connector push --origin make --ours github/api --yes', 'write over what others changed in one section'],
    ['connector push --plan plan.json --yes', 'what was reviewed, and nothing else'],
  ],
  load: (): Promise<Module> => import('./push.run.ts'),
});
