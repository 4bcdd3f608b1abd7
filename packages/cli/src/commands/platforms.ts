import { command, type Module } from '../command.ts';

export const platforms = command({
  name: 'platforms',
  summary: 'says what each platform can take of the connections',
  positionals: {
    connections: { describe: 'Connections to look at; all unless given', example: 'main', many: true },
  },
  options: {},
  examples: [
    ['connector platforms', 'what each platform takes, and what is lost'],
    ['connector platforms main --json', 'of one connection, for programs'],
  ],
  load: (): Promise<Module> => import('./platforms.run.ts'),
});
