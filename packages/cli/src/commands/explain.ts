import { command, type Module } from '../command.ts';

export const explain = command({
  name: 'explain',
  summary: 'explain a diagnostic code',
  positionals: {
    code: {
      describe: 'Code of the diagnostic; without it, lists all codes',
      example: 'source/syntax',
      values: 'codes',
    },
  },
  options: {},
  examples: [
    ['connector explain source/syntax', 'explain one code'],
    ['connector explain', 'list all codes'],
  ],
  load: (): Promise<Module> => import('./explain.run.ts'),
});
