import { CREATE_TYPES } from '@connectorkit/sdk';
import { command, type Module } from '../command.ts';

export const schema = command({
  name: 'schema',
  summary: 'prints the JSON Schema of a section, of a project’s own file, or of a harness seed',
  positionals: {
    section: {
      describe: 'What the schema is of; an unknown name lists them all',
      example: 'parameters',
      required: true,
    },
  },
  options: {
    type: {
      type: 'string',
      value: 'type',
      describe: 'Type of the connection, for the section whose schema depends on it',
      choices: Object.keys(CREATE_TYPES) as (keyof typeof CREATE_TYPES)[],
    },
  },
  examples: [
    ['connector schema api --type oauth', 'the requests of a connection with OAuth 2.0'],
    ['connector schema parameters', 'the form that users fill in'],
    ['connector schema connection', 'connection.json'],
    ['connector schema workato-seed', 'what `connector harness seed … --platform workato` takes'],
  ],
  load: (): Promise<Module> => import('./schema.run.ts'),
});
