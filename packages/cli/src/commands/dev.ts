import { command, type Module } from '../command.ts';
import { HARNESS_OPTIONS } from './harness.ts';

const { port, 'tls-port': tlsPort, store, synchronous } = HARNESS_OPTIONS;

export const dev = command({
  name: 'dev',
  summary:
    'run the harness, which emulates the platforms, or use a shared one, and push the project to it on every save',
  positionals: {},
  options: {
    origin: {
      type: 'string',
      value: 'name',
      describe: 'Origin in connector.json that is a shared harness; no local one is started',
      values: 'origins',
    },
    port,
    'tls-port': tlsPort,
    store,
    synchronous,
  },
  examples: [
    ['connector dev', 'run until Ctrl-C'],
    ['connector dev --origin shared', 'use a shared harness'],
  ],
  load: (): Promise<Module> => import('./dev.run.ts'),
});
