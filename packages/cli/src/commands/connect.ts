import { command, type Module, ORIGIN, PORT, SECONDS } from '../command.ts';

export const connect = command({
  name: 'connect',
  summary: 'connect a connection of the project, as its users would, and store the result on this machine',
  positionals: {
    connection: { describe: 'Id of the connection (default: the only one)', example: 'main', values: 'connections' },
  },
  options: {
    local: { type: 'boolean', describe: 'Use the local provider of the running harness instead of the real API' },
    harness: {
      type: 'boolean',
      describe: 'Connect in the running harness, with the sections as they were pushed there, as the platform would',
    },
    origin: { ...ORIGIN, describe: 'With --harness: origin in the project that is a shared harness' },
    input: {
      type: 'string',
      value: 'file',
      describe: 'JSON file with the parameters, including credentials; - for stdin (default: CONNECTOR_INPUT)',
    },
    reauthorize: {
      type: 'string',
      value: 'id',
      describe: 'Connect this connection again, with the same id; it keeps the parameters that --input does not have',
    },
    scopes: { type: 'string', value: 'name', describe: 'Additional scope to request', many: true },
    port: {
      ...PORT,
      describe: 'Port of 127.0.0.1 that the provider redirects to; 0 for any free port (default: 4610, with --local 0)',
    },
    'print-url': { type: 'boolean', describe: 'Print the authorization URL instead of opening a browser' },
    headless: { type: 'boolean', describe: 'With --local: sign in and agree without a browser, for CI' },
    timeout: { ...SECONDS, describe: 'Time to wait for the browser', default: 300 },
    record: {
      type: 'string',
      value: 'name',
      describe: 'Write a test of the run, with placeholders instead of secrets',
    },
    trace: { type: 'boolean', describe: 'Show every step in full, not only steps that failed' },
  },
  examples: [
    ['connector connect', 'connect the only connection with the real API'],
    ['connector connect main --local', 'connect with the local provider of `connector dev`'],
    ['connector connect main --local --headless', 'the same without a browser, for CI'],
    ['connector connect main --harness --local', 'connect what `connector dev` pushed, in the harness'],
    ['connector connect main --input parameters.json', 'take the parameters from a file'],
    ['connector connect main --harness --origin shared', 'connect it in the harness of the team'],
    ['connector connect --reauthorize main-1', 'authorize main-1 again, for example after its tokens were revoked'],
    ['connector connect main --record first-login', 'write a test of the run'],
  ],
  load: (): Promise<Module> => import('./connect.run.ts'),
});
