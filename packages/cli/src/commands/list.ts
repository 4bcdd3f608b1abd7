import { command, type Module } from '../command.ts';

export const list = command({
  name: 'list',
  summary: 'list the connections of the project, and their names on each origin',
  positionals: {},
  options: {},
  examples: [
    ['connector list', 'ids, types and labels'],
    ['connector list --json', 'with the files of their sections'],
  ],
  load: (): Promise<Module> => import('./list.run.ts'),
});
