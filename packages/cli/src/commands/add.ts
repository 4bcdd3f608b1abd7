import { command, type Module } from '../command.ts';
import { IMPORT_OPTIONS } from '../import-connections.ts';
import { templateOption } from '../templates.ts';

export const add = command({
  name: 'add',
  summary: 'add a connection to the project, from a template or from what a vendor publishes',
  positionals: {
    id: { describe: 'Id of the new connection', example: 'main', required: true },
  },
  options: {
    template: templateOption(['from-openapi', 'from-discovery'], ['templates']),
    ...IMPORT_OPTIONS,
  },
  examples: [
    ['connector add orders --template api-key', 'a connection with an API key'],
    ['connector add acme --from-openapi openapi.yaml', 'what an OpenAPI document describes'],
    ['connector add login --from-discovery https://login.acme.com', 'from the metadata of an authorization server'],
  ],
  load: (): Promise<Module> => import('./add.run.ts'),
});
