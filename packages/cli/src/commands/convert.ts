import { command, type Module } from '../command.ts';

export const convert = command({
  name: 'convert',
  summary: 'rewrites the forms of a connection as JSON Schemas, or as Make’s arrays',
  positionals: {
    connection: { describe: 'The connection, by its id', example: 'main', required: true },
  },
  options: {
    to: {
      type: 'string',
      describe: 'The form to write',
      choices: ['schema', 'array'],
      required: true,
      example: 'schema',
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
  ],
  load: (): Promise<Module> => import('./convert.run.ts'),
});
