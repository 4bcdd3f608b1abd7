import { command, type Module } from '../command.ts';

export const types = command({
  name: 'types',
  summary: 'writes the TypeScript types of the connections to connector.d.ts',
  positionals: {},
  options: {
    check: { type: 'boolean', describe: 'Write nothing, and fail when the file is not up to date' },
  },
  examples: [
    ['connector types', 'write the types, if they changed'],
    ['connector types --check', 'for continuous integration'],
  ],
  load: (): Promise<Module> => import('./types.run.ts'),
});
