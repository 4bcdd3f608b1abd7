import { command, type Module } from '../command.ts';

export const validate = command({
  name: 'validate',
  summary: 'finds what is wrong with the project',
  positionals: {
    connection: { describe: 'Only these connections, by their ids', example: 'main', many: true },
  },
  options: {},
  examples: [
    ['connector validate', 'the whole project'],
    ['connector validate main', 'one connection'],
    ['connector validate --json', 'for programs'],
  ],
  load: (): Promise<Module> => import('./validate.run.ts'),
});
