import { command, type Module, ORIGIN, WHERE } from '../command.ts';

export const login = command({
  name: 'login',
  summary: 'check a token with a platform, and store it',
  positionals: {},
  options: { origin: ORIGIN, ...WHERE },
  examples: [
    ['connector login --origin make', 'for an origin of the project'],
    ['connector login --zone eu1', 'for every project that talks to this zone of Make'],
    ['connector login --platform workato --zone eu', 'for another platform'],
    ['connector login --platform akana --url https://api.example.com', 'for your own host; asks for name:password'],
  ],
  load: (): Promise<Module> => import('./login.run.ts'),
});
