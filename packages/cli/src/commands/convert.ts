import { command, type Module } from '../command.ts';

export const convert = command({
  name: 'convert',
  summary: 'rewrites forms as JSON Schemas or as Make’s arrays, or moves the project into another layout',
  positionals: {
    connection: { describe: 'The connection whose forms are rewritten, by its id', example: 'main' },
  },
  options: {
    to: {
      type: 'string',
      describe: 'The form to write',
      choices: ['schema', 'array'],
      required: { unless: 'layout' },
      example: 'schema',
    },
    layout: {
      type: 'string',
      describe: 'Layout to move the project into: native is connector.json, make is Make’s local development',
      choices: ['native', 'make'],
    },
    section: {
      type: 'string',
      value: 'name',
      describe: 'Only this section: parameters or installSpec',
      choices: ['parameters', 'installSpec'],
    },
    'dry-run': { type: 'boolean', describe: 'Show what would be written, and write nothing' },
  },
  examples: [
    ['connector convert main --to schema', 'parameters and installSpec as JSON Schemas'],
    ['connector convert main --to array --section parameters', 'one of them as an array'],
    ['connector convert main --to schema --dry-run', 'show the text'],
    ['connector convert --layout make', 'for Make’s own editor extension: makecomapp.json'],
  ],
  load: (): Promise<Module> => import('./convert.run.ts'),
});
