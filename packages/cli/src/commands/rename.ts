import { command, type Module } from '../command.ts';

export const rename = command({
  name: 'rename',
  summary: 'give a connection of the project another id: its files, its tests, the lock, and the entries of origins',
  positionals: {
    connection: { describe: 'Id of the connection', example: 'main', required: true, values: 'connections' },
    to: { describe: 'Its new id', example: 'orders', required: true },
  },
  options: {
    'dry-run': { type: 'boolean', describe: 'Show what would be done without changing anything' },
  },
  examples: [['connector rename main orders', 'rename main to orders; nothing changes on platforms']],
  load: (): Promise<Module> => import('./rename.run.ts'),
});
