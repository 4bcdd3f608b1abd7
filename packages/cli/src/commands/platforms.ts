import { command, type Module } from '../command.ts';

export const platforms = command({
  name: 'platforms',
  summary: 'show what each platform supports of the connections',
  positionals: {
    connections: {
      describe: 'Ids of the connections (default: all)',
      example: 'main',
      many: true,
      values: 'connections',
    },
  },
  options: {},
  examples: [
    ['connector platforms', 'every connection on every platform'],
    ['connector platforms main --json', 'one connection, for programs'],
  ],
  load: (): Promise<Module> => import('./platforms.run.ts'),
});
