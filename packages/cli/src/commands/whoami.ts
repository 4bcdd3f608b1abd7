import { command, type Module, ORIGIN, WHERE } from '../command.ts';

export const whoami = command({
  name: 'whoami',
  summary: 'show the user of a platform’s token, and where the token comes from',
  positionals: {},
  options: { origin: ORIGIN, ...WHERE },
  examples: [
    ['connector whoami', 'on the project’s origin, or on the harness'],
    ['connector whoami --origin make --json', 'for programs'],
    ['connector whoami --platform workato', 'on another platform'],
  ],
  load: (): Promise<Module> => import('./whoami.run.ts'),
});
