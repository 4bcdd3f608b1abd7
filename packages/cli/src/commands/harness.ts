import { command, type Module } from '../command.ts';

/** The options of the commands that start a harness. */
export const HARNESS_OPTIONS = {
  port: { type: 'number', value: 'number', describe: 'Port to listen on; 0 takes a free one', default: 4600 },
  'tls-port': {
    type: 'number',
    value: 'number',
    describe:
      'Port to listen on with TLS as well, such as 4643, for clients that speak nothing else; 0 takes a free one',
  },
  host: { type: 'string', value: 'address', describe: 'Address to listen on', default: '127.0.0.1' },
  store: {
    type: 'string',
    value: 'path',
    describe: 'SQLite file that keeps the state, or `memory`; .connector/harness.db unless given',
  },
  synchronous: {
    type: 'string',
    describe: 'Whether an answered write survives the end of the process (NORMAL) or a power cut as well (FULL)',
    choices: ['NORMAL', 'FULL'],
    default: 'NORMAL',
  },
  'allow-remote': {
    type: 'boolean',
    describe: 'Let other machines in; needs a token of your own in CONNECTOR_TOKEN',
  },
} as const;

export const harness = command({
  name: 'harness',
  summary: 'runs the platforms on this machine, with a memory',
  positionals: {},
  options: HARNESS_OPTIONS,
  examples: [
    ['connector harness', 'run until Ctrl-C'],
    ['connector harness --tls-port 4643', 'over https as well; says which certificate to trust'],
    ['connector harness --port 0 --store memory', 'on a free port, forgetting everything at the end'],
  ],
  load: (): Promise<Module> => import('./harness.run.ts'),
});
