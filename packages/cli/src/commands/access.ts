import { actionAmong, command, type Module, ORIGIN } from '../command.ts';

/** What can be done. */
export const ACTIONS = [
  'request',
  'list',
  'show',
  'approve',
  'reject',
  'activate',
  'suspend',
  'resume',
  'cancel',
  'revise',
  'resubmit',
  'revoke',
  'restore',
] as const;

export const access = command({
  name: 'access',
  summary: 'asks for access to an API, follows the request, and decides about those of others',
  positionals: {
    action: {
      describe: `What to do: ${ACTIONS.join(', ')}`,
      example: 'list',
      required: true,
      check: actionAmong(ACTIONS, 'is nothing that can be done about access.'),
    },
    contract: { describe: 'Id of the contract that is meant', example: 'contract10353' },
  },
  options: {
    platform: { type: 'string', value: 'name', describe: 'Platform of the API; that of the origin unless given' },
    origin: ORIGIN,
    api: { type: 'string', value: 'id', describe: 'The API, as its platform calls it; with list a filter' },
    app: { type: 'string', value: 'id', describe: 'The application, by id or name; with list a filter' },
    environment: { type: 'string', value: 'name', describe: 'Where the API is to be used, such as Sandbox' },
    tier: { type: 'string', value: 'name', describe: 'Tier to ask for or to grant, by id or name' },
    state: {
      type: 'string',
      describe: 'With list a filter',
      choices: ['pending', 'approved', 'active', 'suspended', 'rejected', 'revoked', 'cancelled'],
    },
    'accept-terms': { type: 'boolean', describe: 'Accept the legal terms of the API' },
    comment: { type: 'string', value: 'text', describe: 'What to tell those who decide, or are decided about' },
    connection: {
      type: 'string',
      value: 'id',
      describe: 'Connection whose common gets the credentials; the only one unless given',
    },
    wait: { type: 'boolean', describe: 'Wait until the request is decided, then keep the credentials' },
    timeout: { type: 'number', value: 'seconds', describe: 'How long to wait', default: 600 },
    yes: { type: 'boolean', describe: 'Do not ask before something is taken away on a platform' },
  },
  examples: [
    [
      'connector access request --platform akana --api petstore.acme --app mine --wait',
      'ask, wait, keep the credentials',
    ],
    ['connector access list --platform anypoint --app Mine', 'the contracts of an application'],
    ['connector access show contract10353 --wait', 'go on waiting for a request'],
    ['connector access approve contract10353 --comment "Welcome"', 'decide about the request of another'],
    ['connector access cancel contract10353 --yes', 'for continuous integration'],
  ],
  load: (): Promise<Module> => import('./access.run.ts'),
});
