import { command, type Module } from '../command.ts';

export const doctor = command({
  name: 'doctor',
  summary: 'check what connector needs on this machine, and say how to fix what is wrong',
  positionals: {},
  options: {
    offline: { type: 'boolean', describe: 'Send no requests to origins; checks that need them are skipped' },
    fix: { type: 'boolean', describe: 'Fix the permissions of files with secrets, and the settings of editors' },
  },
  examples: [
    ['connector doctor', 'node, project, credentials, clock, ports, harness, git history, editor and PATH'],
    ['connector doctor --offline --json', 'without a network, for programs'],
    ['connector doctor --fix', 'also fix what can be fixed here'],
  ],
  load: (): Promise<Module> => import('./doctor.run.ts'),
});
