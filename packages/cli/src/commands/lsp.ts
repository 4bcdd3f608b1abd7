import { command, type Module } from '../command.ts';

export const lsp = command({
  name: 'lsp',
  summary: 'run the language server, which editors start',
  positionals: {},
  options: {
    stdio: {
      type: 'boolean',
      describe: 'Speak over stdin and stdout; always so, and accepted because editors pass it',
    },
    clientProcessId: {
      type: 'number',
      value: 'pid',
      describe: 'End when the process with this id is gone; editors pass their own',
    },
  },
  examples: [['connector lsp', 'what an editor runs']],
  load: (): Promise<Module> => import('./lsp.run.ts'),
});
