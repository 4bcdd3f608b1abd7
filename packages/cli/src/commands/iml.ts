import { command, type Module } from '../command.ts';

export const iml = command({
  name: 'iml',
  summary: 'evaluates an expression',
  positionals: {
    template: {
      describe: 'The template; without one, templates are asked for until an empty one',
      example: '{{base64("a:b")}}',
    },
  },
  options: {
    data: {
      type: 'string',
      value: 'file',
      describe: 'JSON with the variables; - reads stdin',
    },
    at: {
      type: 'string',
      value: 'place',
      describe: 'Where it stands, such as api.token.body: variables are checked as well',
    },
  },
  examples: [
    ["connector iml '{{0.1 + 0.2}}'", 'a value and its type'],
    ["connector iml 'Bearer {{connection.token}}' --data variables.json", 'with variables'],
    ["connector iml '{{body.id}}' --at api.response.data", 'check what exists there'],
  ],
  load: (): Promise<Module> => import('./iml.run.ts'),
});
