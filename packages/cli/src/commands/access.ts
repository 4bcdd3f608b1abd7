import { actionOf, command, type Module, ORIGIN, SECONDS } from '../command.ts';

/** Actions of the command. */
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
  summary: 'request access to an API, follow the request, or decide on requests of others',
  positionals: {
    action: actionOf(ACTIONS),
    contract: { describe: 'Id of the contract', example: 'contract10353' },
  },
  options: {
    platform: {
      type: 'string',
      value: 'name',
      describe: 'Platform of the API (default: the origin’s)',
      values: 'platforms',
    },
    origin: ORIGIN,
    api: { type: 'string', value: 'id', describe: 'Id of the API on its platform; filters `list`' },
    app: { type: 'string', value: 'id', describe: 'Id or name of the application; filters `list`' },
    environment: { type: 'string', value: 'name', describe: 'Environment to use the API in, such as Sandbox' },
    tier: { type: 'string', value: 'name', describe: 'Id or name of the tier to request or grant' },
    state: {
      type: 'string',
      describe: 'State to filter `list` by',
      choices: ['pending', 'approved', 'active', 'suspended', 'rejected', 'revoked', 'cancelled'],
    },
    'accept-terms': { type: 'boolean', describe: 'Accept the legal terms of the API' },
    comment: { type: 'string', value: 'text', describe: 'Comment to the approver or the requester' },
    connection: {
      type: 'string',
      value: 'id',
      describe: 'Connection to write the credentials to (default: the only one)',
      values: 'connections',
    },
    wait: { type: 'boolean', describe: 'Wait for the decision, then write the credentials' },
    timeout: { ...SECONDS, describe: 'Time to wait', default: 600 },
    yes: { type: 'boolean', describe: 'Do not ask for confirmation' },
  },
  examples: [
    [
      'connector access request --platform akana --api petstore.acme --app mine --wait',
      'request, wait, write the credentials',
    ],
    ['connector access list --platform anypoint --app Mine', 'list the contracts of an application'],
    ['connector access show contract10353 --wait', 'keep waiting for a request'],
    ['connector access approve contract10353 --comment "Welcome"', 'approve a request'],
    ['connector access cancel contract10353 --yes', 'for continuous integration'],
  ],
  load: (): Promise<Module> => import('./access.run.ts'),
});
