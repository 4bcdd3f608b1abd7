import { command, type Module, ORIGIN, WHERE } from '../command.ts';

export const logout = command({
  name: 'logout',
  summary: 'remove a stored token',
  positionals: {},
  options: { origin: ORIGIN, ...WHERE },
  examples: [
    ['connector logout --origin make', 'for an origin of the project'],
    ['connector logout --zone eu1', 'for a zone of Make'],
  ],
  load: (): Promise<Module> => import('./logout.run.ts'),
});
