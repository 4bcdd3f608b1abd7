import { command, type Module } from '../command.ts';

export const remove = command({
  name: 'remove',
  summary: 'remove a connection from the project: its files and its entries in the manifest and the lock',
  positionals: {
    connection: { describe: 'Id of the connection', example: 'main', required: true, values: 'connections' },
  },
  options: {
    'dry-run': { type: 'boolean', describe: 'Show what would be done without changing anything' },
    yes: { type: 'boolean', describe: 'Do not ask for confirmation' },
  },
  examples: [
    ['connector remove orders', 'shows what goes, and asks first'],
    ['connector remove orders --yes', 'for scripts'],
  ],
  load: (): Promise<Module> => import('./remove.run.ts'),
});
