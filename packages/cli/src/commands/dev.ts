import { command, type Module } from '../command.ts';
import { HARNESS_OPTIONS } from './harness.ts';

const { port, 'tls-port': tlsPort, store, synchronous } = HARNESS_OPTIONS;

export const dev = command({
  name: 'dev',
  summary: 'runs the harness, or uses a shared one, and keeps it at what the project declares, on every save',
  positionals: {},
  options: {
    origin: {
      type: 'string',
      value: 'name',
      describe: 'Origin in connector.json that is a harness of the team; it is used, and none is started here',
    },
    port,
    'tls-port': tlsPort,
    store,
    synchronous,
  },
  examples: [
    ['connector dev', 'run until Ctrl-C'],
    ['connector dev --origin shared', 'the same with a harness that runs elsewhere'],
  ],
  load: (): Promise<Module> => import('./dev.run.ts'),
});
