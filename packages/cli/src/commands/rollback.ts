import { command, type Module, ORIGIN } from '../command.ts';
import { ALLOW_DESTRUCTIVE, CONFLICT_OPTIONS } from '../conflict-options.ts';

export const rollback = command({
  name: 'rollback',
  summary: 'restore on an origin what a push overwrote, without touching the project’s files',
  positionals: {
    snapshot: {
      describe: 'Name of the snapshot (default: the latest)',
      example: '20260131T120000000Z-make',
      values: 'snapshots',
    },
  },
  options: {
    origin: ORIGIN,
    'dry-run': { type: 'boolean', describe: 'Show the plan without changing anything' },
    ours: CONFLICT_OPTIONS.ours,
    'allow-destructive': ALLOW_DESTRUCTIVE,
    yes: { type: 'boolean', describe: 'Do not ask for confirmation' },
  },
  examples: [
    ['connector rollback', 'undo the last push'],
    ['connector rollback --allow-destructive', 'delete what it created as well'],
  ],
  load: (): Promise<Module> => import('./rollback.run.ts'),
});
