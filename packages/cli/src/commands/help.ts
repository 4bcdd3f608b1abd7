import { command, type Module } from '../command.ts';

export const help = command({
  name: 'help',
  summary: 'show help for a command or a topic',
  positionals: {
    topic: { describe: 'Command, or exit-codes, or environment', example: 'exit-codes', values: 'commands' },
  },
  options: {},
  examples: [
    ['connector help validate', 'the same as connector validate --help'],
    ['connector help exit-codes', 'exit codes'],
    ['connector help environment', 'environment variables'],
  ],
  load: (): Promise<Module> => import('./help.run.ts'),
});
