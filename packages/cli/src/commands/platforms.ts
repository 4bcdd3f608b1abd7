import { command, type Module } from '../command.ts';

export const platforms = command({
  name: 'platforms',
  summary: 'show which parts of the connections each platform supports',
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
