import { command, type Module } from '../command.ts';

export const types = command({
  name: 'types',
  summary: 'writes the TypeScript types of the connections to connector.d.ts',
  positionals: {},
  options: {
    check: { type: 'boolean', describe: 'Write nothing, and fail when the file is not up to date' },
    watch: { type: 'boolean', describe: 'Go on, and write the types again whenever a section changes' },
  },
  examples: [
    ['connector types', 'write the types, if they changed'],
    ['connector types --check', 'for continuous integration'],
    ['connector types --watch', 'while you work, until Ctrl-C'],
  ],
  load: (): Promise<Module> => import('./types.run.ts'),
});
