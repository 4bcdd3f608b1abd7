import { command, type Module } from '../command.ts';

export const explain = command({
  name: 'explain',
  summary: 'explains a problem by its code',
  positionals: {
    code: {
      describe: 'The code, as it stands beside the problem; all are listed without one',
      example: 'source/syntax',
    },
  },
  options: {},
  examples: [
    ['connector explain source/syntax', 'one problem'],
    ['connector explain', 'list all codes'],
  ],
  load: (): Promise<Module> => import('./explain.run.ts'),
});
