import { CHECK_COMMON, CHOICES } from '../choices.ts';
import { command, type Module, ORIGIN } from '../command.ts';

export const pull = command({
  name: 'pull',
  summary: 'brings here what others changed on an origin',
  positionals: {},
  options: {
    origin: ORIGIN,
    'dry-run': { type: 'boolean', describe: 'Show what would be written, and write nothing' },
    ...CHOICES,
    'check-common': CHECK_COMMON,
  },
  examples: [
    ['connector pull', 'what only they changed, and what both changed in different places'],
    ['connector pull --origin make --dry-run', 'look first'],
    ['connector pull --theirs github/api', 'their text in place of yours'],
  ],
  load: (): Promise<Module> => import('./pull.run.ts'),
});
