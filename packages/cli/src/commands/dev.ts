import { command, type Module } from '../command.ts';
import { HARNESS_OPTIONS } from './harness.ts';

const { port, 'tls-port': tlsPort, store, synchronous } = HARNESS_OPTIONS;

export const dev = command({
  name: 'dev',
  summary: 'runs the harness and keeps it at what the project declares, on every save',
  positionals: {},
  options: { port, 'tls-port': tlsPort, store, synchronous },
  examples: [['connector dev', 'run until Ctrl-C']],
  load: (): Promise<Module> => import('./dev.run.ts'),
});
