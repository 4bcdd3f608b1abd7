import { actionAmong, command, type Module, PORT, SECONDS } from '../command.ts';

/** The options of the commands that start a harness. */
export const HARNESS_OPTIONS = {
  port: { ...PORT, describe: 'Port to listen on; 0 for any free port', default: 4600 },
  'tls-port': {
    ...PORT,
    describe: 'Port to listen on with TLS as well, such as 4643; 0 for any free port',
  },
  host: { type: 'string', value: 'address', describe: 'Address to listen on', default: '127.0.0.1' },
  store: {
    type: 'string',
    value: 'place',
    describe:
      'Store of the state: an SQLite file, `memory`, or the postgres:// URL of a database, whose password may only be in CONNECTOR_HARNESS_STORE (default: .connector/harness.db)',
  },
  synchronous: {
    type: 'string',
    describe:
      'SQLite’s synchronous mode: acknowledged writes survive a crash of the process (NORMAL) or a power failure too (FULL)',
    choices: ['NORMAL', 'FULL'],
    default: 'NORMAL',
  },
  'allow-remote': {
    type: 'boolean',
    describe: 'Accept other machines over TLS; requires your own token in CONNECTOR_TOKEN',
  },
  'allow-plain-http': {
    type: 'boolean',
    describe: 'Accept other machines without TLS too; tokens and secrets are readable on the network',
  },
} as const;

const COUNT = { type: 'number', value: 'number', whole: true } as const;

/** Options of a harness that others share. */
const SHARED_OPTIONS = {
  'public-url': {
    type: 'string',
    value: 'url',
    describe: 'URL of the reverse proxy in front of the harness that ends TLS; X-Forwarded-* headers are ignored',
  },
  'metrics-port': {
    ...PORT,
    describe: 'Port for /metrics, /healthz and /readyz over plain HTTP, without a token (default: none)',
  },
  log: {
    type: 'string',
    describe: 'How requests and events are logged on stderr: as text, as JSON lines, or without the requests (off)',
    choices: ['text', 'json', 'off'],
    default: 'text',
  },
  'max-spaces': {
    ...COUNT,
    between: [0, 100_000],
    describe: 'Maximum number of spaces (default: 100)',
  },
  'space-rows': {
    ...COUNT,
    between: [1, 1_000_000_000],
    describe: 'Maximum number of rows in a space (default: 100000)',
  },
  'space-megabytes': {
    type: 'number',
    value: 'number',
    between: [0.001, 1_000_000],
    describe: 'Maximum size of a space in megabytes (default: 100)',
  },
  'shutdown-delay': {
    ...SECONDS,
    describe: 'After SIGTERM: time in which /readyz answers 503 and requests are still accepted',
    default: 0,
  },
  'shutdown-timeout': {
    ...SECONDS,
    describe: 'After that: time that running requests have to finish',
    default: 10,
  },
} as const;

/** Actions on a running harness. */
export const ACTIONS = [
  'reset',
  'open',
  'seed',
  'snapshot',
  'restore',
  'token',
  'spaces',
  'remove-space',
  'clock',
  'journal',
  'fault',
] as const;

export const harness = command({
  name: 'harness',
  summary: 'run local emulators of the platforms; with an action, control the running harness',
  positionals: {
    action: {
      describe: `Action on the running harness: ${ACTIONS.join(', ')}`,
      example: 'reset',
      values: ACTIONS,
      check: actionAmong(ACTIONS, '; without one it is started.'),
    },
    subject: {
      describe:
        'Snapshot or space name; seed file; time, duration or `real` for the clock; fault to inject, number of a fault to remove, or `clear`',
      example: 'before',
      values: 'harness',
    },
  },
  options: {
    ...HARNESS_OPTIONS,
    ...SHARED_OPTIONS,
    url: {
      type: 'string',
      value: 'url',
      describe:
        'URL of a remote harness, instead of the local one; its control token comes from CONNECTOR_CONTROL_TOKEN, a prompt or stdin',
    },
    'print-url': { type: 'boolean', describe: 'With open: print the link to the console instead of opening a browser' },
    platform: {
      type: 'string',
      value: 'name',
      describe: 'Platform to seed, to create a token for, or to inject a fault into',
      values: 'platforms',
    },
    scopes: { type: 'string', value: 'name', describe: 'Scope of the new token (default: all)', many: true },
    space: {
      type: 'string',
      value: 'name',
      describe:
        'Space to create, or to keep for longer; prints its token. A space has its own apps, journal, clock and faults',
    },
    hours: { type: 'number', value: 'number', describe: 'Hours after which the space is removed (default: 168)' },
    frozen: { type: 'boolean', describe: 'Stop the clock at that time' },
    follow: { type: 'boolean', describe: 'Keep printing requests and responses until Ctrl-C' },
    limit: {
      ...{ type: 'number', value: 'number', whole: true, between: [0, 1_000_000] },
      describe: 'Number of journal entries',
      default: 20,
    },
    operation: { type: 'string', value: 'id', describe: 'Id of the operation that fails (default: all)' },
    calls: { type: 'string', describe: 'Kind of requests that fail', choices: ['reads', 'writes'] },
    times: { type: 'number', value: 'number', describe: 'Number of requests that fail (default: until removed)' },
    share: { type: 'number', value: 'number', describe: 'Share of requests that fail, such as 0.5' },
    after: { type: 'number', value: 'number', describe: 'Number of requests that succeed first' },
    status: { type: 'number', value: 'number', describe: 'Status code of the injected response' },
    message: { type: 'string', value: 'text', describe: 'Message of the injected response' },
    milliseconds: { type: 'number', value: 'number', describe: 'Delay of the response' },
    'retry-after': { type: 'number', value: 'seconds', describe: 'Retry-After of a rate-limit response' },
  },
  examples: [
    ['connector harness', 'run until Ctrl-C'],
    ['connector harness --tls-port 4643', 'over HTTPS as well; prints the certificate to trust'],
    ['connector harness --port 0 --store memory', 'on any free port, state in memory only'],
    ['connector harness open', 'open its console in a browser'],
    ['connector harness --store postgres://harness@db.example.com/harness', 'with other processes, on one database'],
    ['connector harness seed', 'push the connections of this project to it'],
    ['connector harness seed customers.json --platform workato', 'load what no API can create'],
    ['connector harness snapshot before', 'save the whole state; without a name, list snapshots'],
    ['connector harness restore before', 'restore a snapshot'],
    ['connector harness token --platform make --scopes sdk-apps:read', 'create a read-only token'],
    ['connector harness token --space pr-123 --hours 48', 'create a space with its own state, such as for a branch'],
    ['connector harness remove-space pr-123', 'remove a space with everything in it; `spaces` lists them'],
    ['connector harness clock +90m', 'move the clock forward; or 2030-01-01T00:00:00Z, or real'],
    ['connector harness journal --follow', 'print requests and responses as they happen'],
    ['connector harness fault lost --operation createConnection --times 1', 'lose the response to one write'],
    ['connector harness fault clear', 'remove all faults; without an argument, list them'],
    ['connector harness reset', 'reset everything to the first start'],
    ['connector harness journal --url https://harness.example.com:4643', 'the journal of a remote harness'],
  ],
  load: (): Promise<Module> => import('./harness.run.ts'),
});
