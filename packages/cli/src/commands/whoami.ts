import { command, type Module, ORIGIN, WHERE } from '../command.ts';

export const whoami = command({
  name: 'whoami',
  summary: 'says who a platform takes you for, and where the token came from',
  positionals: {},
  options: { origin: ORIGIN, ...WHERE },
  examples: [
    ['connector whoami', 'on the project’s origin, or on the harness'],
    ['connector whoami --origin make --json', 'for programs'],
    ['connector whoami --platform workato', 'on another platform'],
  ],
  load: (): Promise<Module> => import('./whoami.run.ts'),
});
