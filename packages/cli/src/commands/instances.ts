import { actionAmong, command, type Module, ORIGIN } from '../command.ts';

/** What can be done. */
export const ACTIONS = ['list', 'create', 'update', 'disconnect', 'delete'] as const;

export const instances = command({
  name: 'instances',
  summary: 'lists, creates, updates, disconnects or deletes customers’ own connections',
  positionals: {
    action: {
      describe: `What to do: ${ACTIONS.join(', ')}`,
      example: 'list',
      required: true,
      check: actionAmong(ACTIONS, 'cannot be done to instances.'),
    },
    connection: { describe: 'Id of the connection to update, disconnect or delete', example: '1678' },
  },
  options: {
    platform: {
      type: 'string',
      value: 'name',
      describe: 'Platform where the customers are; that of the origin unless given',
    },
    user: {
      type: 'string',
      value: 'id',
      describe: 'The customer, as the platform writes it: on Workato an id, or E and the external id',
      required: true,
      example: 'EA2300',
    },
    origin: ORIGIN,
    form: {
      type: 'string',
      value: 'id',
      describe: 'Connection of this project that it is one of: gives the provider and the form of its parameters',
    },
    provider: { type: 'string', value: 'name', describe: 'Connector that it is a connection of; with list a filter' },
    name: { type: 'string', value: 'text', describe: 'What people call it' },
    folder: { type: 'string', value: 'id', describe: 'Folder or project that holds it; with list a filter' },
    parent: { type: 'string', value: 'id', describe: 'Connection that it is made from; with list a filter' },
    'external-id': { type: 'string', value: 'id', describe: 'Your own id of it; with list a filter' },
    input: {
      type: 'string',
      value: 'file',
      describe: 'JSON file with its parameters, credentials included; - for stdin. Else CONNECTOR_INPUT',
    },
    tags: { type: 'boolean', describe: 'List tags as well' },
    runtime: { type: 'boolean', describe: 'List the connections of single end users as well' },
    'allow-in-use': { type: 'boolean', describe: 'Disconnect it even if active recipes use it' },
    yes: { type: 'boolean', describe: 'Do not ask before something is disconnected or deleted on a platform' },
  },
  examples: [
    ['connector instances list --user EA2300 --tags', 'the connections of a customer'],
    ['connector instances create --user EA2300 --provider jira --name Jira', 'a shell, to be connected later'],
    [
      'connector instances create --user EA2300 --form main --name Jira',
      'of a pushed connection; asks what its form asks',
    ],
    ['connector instances update 1678 --user 98178 --input -', 'new credentials, from stdin'],
    ['connector instances disconnect 1678 --user 98178 --allow-in-use', 'take its credentials away'],
    ['connector instances delete 1678 --platform workato --user 98178 --yes', 'for continuous integration'],
  ],
  load: (): Promise<Module> => import('./instances.run.ts'),
});
