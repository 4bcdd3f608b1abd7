import { actionAmong, command, type Module } from '../command.ts';

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
    describe:
      'Let other machines in, over TLS; needs a token of your own in CONNECTOR_TOKEN, and takes a control token from CONNECTOR_CONTROL_TOKEN',
  },
  'allow-plain-http': {
    type: 'boolean',
    describe: 'Let other machines in without TLS too: whoever is on the way reads tokens and secrets',
  },
} as const;

/** What can be done to the harness that runs. */
export const ACTIONS = ['reset', 'seed', 'snapshot', 'restore', 'token', 'clock', 'journal', 'fault'] as const;

export const harness = command({
  name: 'harness',
  summary: 'runs the platforms on this machine, with a memory; with an action, steers the one that runs',
  positionals: {
    action: {
      describe: `What to do to the one that runs: ${ACTIONS.join(', ')}`,
      example: 'reset',
      check: actionAmong(ACTIONS, 'cannot be done to a harness.', '; without one it is started.'),
    },
    subject: {
      describe:
        'Name of a snapshot; file with the seed of a platform; moment, duration or `real` for the clock; effect of a fault, its number to remove it, or `clear`',
      example: 'before',
    },
  },
  options: {
    ...HARNESS_OPTIONS,
    url: {
      type: 'string',
      value: 'url',
      describe:
        'Address of a harness that runs elsewhere, in place of the one of this folder; its control token is in CONNECTOR_CONTROL_TOKEN, or asked for, or read from stdin',
    },
    platform: {
      type: 'string',
      value: 'name',
      describe: 'Platform that is seeded, that lets a token in, or that fails',
    },
    scopes: { type: 'string', value: 'name', describe: 'Scope of a new token; all unless given', many: true },
    frozen: { type: 'boolean', describe: 'The clock stands still' },
    follow: { type: 'boolean', describe: 'Go on telling what is asked and answered, until Ctrl-C' },
    limit: { type: 'number', value: 'number', describe: 'How many entries of the journal', default: 20 },
    operation: { type: 'string', value: 'id', describe: 'Operation of the contract that fails; all unless given' },
    calls: { type: 'string', describe: 'Calls that fail', choices: ['reads', 'writes'] },
    times: { type: 'number', value: 'number', describe: 'How many calls fail; all until it is removed unless given' },
    share: { type: 'number', value: 'number', describe: 'Share of the calls that fail, such as 0.5' },
    after: { type: 'number', value: 'number', describe: 'How many calls pass before' },
    status: { type: 'number', value: 'number', describe: 'Status of the answer of a fault' },
    message: { type: 'string', value: 'text', describe: 'What the answer of a fault says' },
    milliseconds: { type: 'number', value: 'number', describe: 'How late the answer of a fault is' },
    'retry-after': { type: 'number', value: 'seconds', describe: 'After which time a limited client may ask again' },
  },
  examples: [
    ['connector harness', 'run until Ctrl-C'],
    ['connector harness --tls-port 4643', 'over https as well; says which certificate to trust'],
    ['connector harness --port 0 --store memory', 'on a free port, forgetting everything at the end'],
    ['connector harness seed', 'define the connections of this project on it, as a push would'],
    ['connector harness seed customers.json --platform workato', 'put things in place that an API cannot bring about'],
    ['connector harness snapshot before', 'keep everything as it is; without a name, list what was kept'],
    ['connector harness restore before', 'put everything back'],
    ['connector harness token --platform make --scopes sdk-apps:read', 'a token that may only read'],
    ['connector harness clock +90m', 'move the clock on; or 2030-01-01T00:00:00Z, or real'],
    ['connector harness journal --follow', 'what is asked of the platforms, and answered'],
    ['connector harness fault lost --operation createConnection --times 1', 'a write whose answer never arrives'],
    ['connector harness fault clear', 'nothing fails any more; without an effect, list what does'],
    ['connector harness reset', 'everything as on the first start'],
    ['connector harness journal --url https://harness.example.com:4643', 'the same of a harness that runs elsewhere'],
  ],
  load: (): Promise<Module> => import('./harness.run.ts'),
});
