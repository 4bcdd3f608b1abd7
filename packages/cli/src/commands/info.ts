import { command, type Module } from '../command.ts';

export const info = command({
  name: 'info',
  summary: 'print versions and a summary of the project for a bug report, without secrets or names',
  positionals: {},
  options: { copy: { type: 'boolean', describe: 'Also copy the text to the clipboard' } },
  examples: [
    ['connector info', 'versions, system, and what the project has'],
    ['connector info --copy', 'also copy it to the clipboard'],
  ],
  load: (): Promise<Module> => import('./info.run.ts'),
});
