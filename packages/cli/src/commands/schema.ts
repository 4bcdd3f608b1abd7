import { CREATE_TYPES } from '@connectorkit/sdk';
import { command, type Module } from '../command.ts';

export const schema = command({
  name: 'schema',
  summary: 'print the JSON Schema of a section, a project file or a harness seed',
  positionals: {
    section: {
      describe: 'Section, file or seed; an unknown name lists them all',
      example: 'parameters',
      values: 'sections',
      required: true,
    },
  },
  options: {
    type: {
      type: 'string',
      value: 'type',
      describe: 'Connection type, for a section whose schema depends on it',
      choices: Object.keys(CREATE_TYPES) as (keyof typeof CREATE_TYPES)[],
    },
  },
  examples: [
    ['connector schema api --type oauth', 'the api section of an OAuth 2.0 connection'],
    ['connector schema parameters', 'the form'],
    ['connector schema connection', 'connection.json'],
    ['connector schema workato-seed', 'a seed file for Workato'],
  ],
  load: (): Promise<Module> => import('./schema.run.ts'),
});
