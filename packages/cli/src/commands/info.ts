import { command, type Module } from '../command.ts';

export const info = command({
  name: 'info',
  summary: 'print versions and a summary of the project for a bug report, without secrets and names',
  positionals: {},
  options: { copy: { type: 'boolean', describe: 'Put the text on the clipboard as well' } },
  examples: [
    ['connector info', 'versions, system, and what the project has'],
    ['connector info --copy', 'and put it on the clipboard'],
  ],
  load: (): Promise<Module> => import('./info.run.ts'),
});
