import { ALLOW_DESTRUCTIVE, CHOICES } from '../choices.ts';
import { command, type Module, ORIGIN } from '../command.ts';

export const rollback = command({
  name: 'rollback',
  summary: 'brings back on an origin what a push wrote over; the project’s files stay as they are',
  positionals: {
    snapshot: { describe: 'Name of a snapshot; the last one unless given', example: '20260131T120000000Z-make' },
  },
  options: {
    origin: ORIGIN,
    'dry-run': { type: 'boolean', describe: 'Show what would be done, and do nothing' },
    ours: CHOICES.ours,
    'allow-destructive': ALLOW_DESTRUCTIVE,
    yes: { type: 'boolean', describe: 'Do not ask before anything is changed on a platform' },
  },
  examples: [
    ['connector rollback', 'what the last push changed'],
    ['connector rollback --allow-destructive', 'and delete the connections and the app that it created'],
  ],
  load: (): Promise<Module> => import('./rollback.run.ts'),
});
