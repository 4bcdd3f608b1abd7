import { command, type Module } from '../command.ts';
import { IMPORT_OPTIONS } from '../import-connections.ts';
import { checkName, nameIn, templateNames, templateOption } from '../templates.ts';

export const create = command({
  name: 'create',
  summary: 'create a connector project from a template, an example, or what a vendor publishes',
  positionals: {
    name: {
      describe:
        'Name of the connector: 2 to 30 lower-case letters, digits and hyphens, starting with a letter; . for the current folder',
      example: 'my-connector',
      required: true,
      check: checkName,
    },
  },
  options: {
    template: templateOption(['example', 'from-openapi', 'from-discovery'], ['templates', 'examples']),
    example: {
      type: 'string',
      value: 'name',
      describe: 'Example to start from, instead of a template',
      get choices() {
        return templateNames('examples');
      },
      check: nameIn('examples'),
    },
    ...IMPORT_OPTIONS,
    folder: { type: 'string', value: 'path', describe: 'Folder to create (default: ./<name>)' },
    git: { type: 'boolean', describe: 'Make the folder a git repository' },
  },
  examples: [
    ['connector create my-connector --template api-key', 'a connection with an API key'],
    ['connector create my-connector --template oauth2', 'a connection with OAuth 2.0'],
    ['connector create my-connector --example github-oauth', 'a finished connector for GitHub'],
    ['connector create my-connector --from-openapi openapi.yaml', 'the connections that an OpenAPI document describes'],
    [
      'connector create my-connector --from-discovery https://login.acme.com',
      'from the metadata of an authorization server',
    ],
    ['connector create . --template api-key', 'in the current folder, named after it'],
  ],
  load: (): Promise<Module> => import('./create.run.ts'),
});
