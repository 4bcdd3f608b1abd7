import { command, type Module, ORIGIN, WHERE } from '../command.ts';

export const login = command({
  name: 'login',
  summary: 'keeps a token for a platform, once the platform knows it',
  positionals: {},
  options: { origin: ORIGIN, ...WHERE },
  examples: [
    ['connector login --origin make', 'asks for the token of an origin of the project'],
    ['connector login --zone eu1', 'for every project that talks to this zone of Make'],
    ['connector login --platform workato --zone eu', 'for another platform'],
    ['connector login --platform akana --url https://api.example.com', 'for a host of your own; reads name:password'],
  ],
  load: (): Promise<Module> => import('./login.run.ts'),
});
