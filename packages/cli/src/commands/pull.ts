import { command, type Module, ORIGIN } from '../command.ts';
import { CHECK_COMMON, CONFLICT_OPTIONS } from '../conflict-options.ts';

export const pull = command({
  name: 'pull',
  summary: 'pull what others changed on an origin into the project',
  positionals: {},
  options: {
    origin: ORIGIN,
    'dry-run': { type: 'boolean', describe: 'Show the changes without writing them' },
    ...CONFLICT_OPTIONS,
    'check-common': CHECK_COMMON,
  },
  examples: [
    ['connector pull', 'take their changes, and merge where both changed'],
    ['connector pull --origin make --dry-run', 'show the changes only'],
    ['connector pull --theirs github/api', 'replace yours with theirs'],
  ],
  load: (): Promise<Module> => import('./pull.run.ts'),
});
