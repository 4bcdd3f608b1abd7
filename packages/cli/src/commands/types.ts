import { command, type Module } from '../command.ts';

export const types = command({
  name: 'types',
  summary: 'write TypeScript types of the connections to connector.d.ts',
  positionals: {},
  options: {
    check: { type: 'boolean', describe: 'Fail when the file is not up to date, without writing it' },
    watch: { type: 'boolean', describe: 'Keep running, and write the types again when a section changes' },
  },
  examples: [
    ['connector types', 'write the types'],
    ['connector types --check', 'for continuous integration'],
    ['connector types --watch', 'keep them up to date while you work'],
  ],
  load: (): Promise<Module> => import('./types.run.ts'),
});
