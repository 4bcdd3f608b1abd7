import { command, type Module } from '../command.ts';

export const help = command({
  name: 'help',
  summary: 'shows help for a command or a topic',
  positionals: {
    topic: { describe: 'A command, exit-codes or environment', example: 'exit-codes' },
  },
  options: {},
  examples: [
    ['connector help validate', 'the same as connector validate --help'],
    ['connector help exit-codes', 'what each exit code means'],
    ['connector help environment', 'the environment variables that are read'],
  ],
  load: (): Promise<Module> => import('./help.run.ts'),
});
