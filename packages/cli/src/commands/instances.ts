import { actionOf, command, type Module, ORIGIN } from '../command.ts';

/** Actions of the command. */
export const ACTIONS = ['list', 'create', 'update', 'disconnect', 'delete'] as const;

export const instances = command({
  name: 'instances',
  summary: 'list, create, update, disconnect or delete customers’ connections',
  positionals: {
    action: actionOf(ACTIONS),
    connection: { describe: 'Id of the connection to update, disconnect or delete', example: '1678' },
  },
  options: {
    platform: {
      type: 'string',
      value: 'name',
      describe: 'Platform of the customers (default: the origin’s)',
      values: 'platforms',
    },
    user: {
      type: 'string',
      value: 'id',
      describe: 'Id of the customer; on Workato an id, or E followed by the external id',
      required: true,
      example: 'EA2300',
    },
    origin: ORIGIN,
    form: {
      type: 'string',
      value: 'id',
      describe: 'Connection of this project that defines the provider and the form',
      values: 'connections',
    },
    provider: { type: 'string', value: 'name', describe: 'Connector of the connection; filters `list`' },
    name: { type: 'string', value: 'text', describe: 'Display name' },
    folder: { type: 'string', value: 'id', describe: 'Id of its folder or project; filters `list`' },
    parent: { type: 'string', value: 'id', describe: 'Id of its parent connection; filters `list`' },
    'external-id': { type: 'string', value: 'id', describe: 'Your own id for it; filters `list`' },
    input: {
      type: 'string',
      value: 'file',
      describe: 'JSON file with its parameters, including credentials; - for stdin (default: CONNECTOR_INPUT)',
    },
    tags: { type: 'boolean', describe: 'Include tags' },
    runtime: { type: 'boolean', describe: 'Include the connections of end users' },
    'allow-in-use': { type: 'boolean', describe: 'Disconnect even if active recipes use it' },
    yes: { type: 'boolean', describe: 'Do not ask for confirmation' },
  },
  examples: [
    ['connector instances list --user EA2300 --tags', 'list the connections of a customer'],
    ['connector instances create --user EA2300 --provider jira --name Jira', 'create one without credentials'],
    ['connector instances create --user EA2300 --form main --name Jira', 'create one, asking for the form’s fields'],
    ['connector instances update 1678 --user 98178 --input -', 'replace its credentials, from stdin'],
    ['connector instances disconnect 1678 --user 98178 --allow-in-use', 'remove its credentials'],
    ['connector instances delete 1678 --platform workato --user 98178 --yes', 'for continuous integration'],
  ],
  load: (): Promise<Module> => import('./instances.run.ts'),
});
