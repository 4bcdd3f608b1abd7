import { command, type Module, ORIGIN } from '../command.ts';
import { ALLOW_DESTRUCTIVE, CHECK_COMMON, CONFLICT_OPTIONS } from '../conflict-options.ts';

export const publish = command({
  name: 'publish',
  summary: 'validate strictly, run the tests, check the types, push, recreate and verify, with one report',
  positionals: {},
  options: {
    origin: ORIGIN,
    ours: CONFLICT_OPTIONS.ours,
    'allow-destructive': ALLOW_DESTRUCTIVE,
    'check-common': CHECK_COMMON,
    yes: { type: 'boolean', describe: 'Do not ask for confirmation' },
  },
  examples: [['connector publish --origin make --yes', 'for continuous integration']],
  load: (): Promise<Module> => import('./publish.run.ts'),
});
