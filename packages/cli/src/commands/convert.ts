import { command, type Module } from '../command.ts';

export const convert = command({
  name: 'convert',
  summary: 'convert forms between JSON Schema and Make’s arrays, or the project to another layout',
  positionals: {
    connection: { describe: 'Id of the connection whose forms to convert', example: 'main', values: 'connections' },
  },
  options: {
    to: {
      type: 'string',
      describe: 'Representation to convert the forms to',
      choices: ['schema', 'array'],
      required: { unless: ['layout'] },
      example: 'schema',
    },
    layout: {
      type: 'string',
      describe:
        'Layout to convert the project to: native (connector.json) or Make’s local development (makecomapp.json)',
      choices: ['native', 'make'],
    },
    section: {
      type: 'string',
      value: 'name',
      describe: 'Convert only this section',
      choices: ['parameters', 'installSpec'],
    },
    'dry-run': { type: 'boolean', describe: 'Show the changes without writing them' },
  },
  examples: [
    ['connector convert main --to schema', 'both forms as JSON Schemas'],
    ['connector convert main --to array --section parameters', 'one form as an array'],
    ['connector convert main --to schema --dry-run', 'show the result only'],
    ['connector convert --layout make', 'for Make’s editor extension'],
  ],
  load: (): Promise<Module> => import('./convert.run.ts'),
});
