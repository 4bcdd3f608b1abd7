import { command, type Module, ORIGIN, WHERE } from '../command.ts';

export const logout = command({
  name: 'logout',
  summary: 'forgets the token that was kept for a platform',
  positionals: {},
  options: { origin: ORIGIN, ...WHERE },
  examples: [
    ['connector logout --origin make', 'of an origin of the project'],
    ['connector logout --zone eu1', 'of a zone of Make'],
  ],
  load: (): Promise<Module> => import('./logout.run.ts'),
});
