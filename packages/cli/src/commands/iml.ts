import { command, type Module } from '../command.ts';

export const iml = command({
  name: 'iml',
  summary: 'evaluate an IML template',
  positionals: {
    template: {
      describe: 'Template to evaluate; without it, asks for templates until an empty line',
      example: '{{base64("a:b")}}',
    },
  },
  options: {
    data: {
      type: 'string',
      value: 'file',
      describe: 'JSON file with the variables; - for stdin',
    },
    at: {
      type: 'string',
      value: 'place',
      describe: 'Place in a section, such as api.token.body, to check variables for',
    },
  },
  examples: [
    ["connector iml '{{0.1 + 0.2}}'", 'a value and its type'],
    ["connector iml 'Bearer {{connection.token}}' --data variables.json", 'with variables'],
    ["connector iml '{{body.id}}' --at api.response.data", 'check which variables exist there'],
  ],
  load: (): Promise<Module> => import('./iml.run.ts'),
});
