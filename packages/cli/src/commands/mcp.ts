import { command, type Module } from '../command.ts';

export const mcp = command({
  name: 'mcp',
  summary: 'serve the project to a coding agent, by the Model Context Protocol on stdin and stdout',
  positionals: {},
  options: {
    'allow-origin': {
      type: 'string',
      many: true,
      value: 'origin',
      values: 'origins',
      describe:
        'Let the agent reach an origin of the project, or an API such as https://api.example.com, and not only the harness on this machine',
    },
  },
  examples: [
    ['connector mcp', 'reach nothing but the harness of this machine'],
    ['connector mcp --project ./my-shop', 'for a client that starts it in another folder'],
    ['connector mcp --allow-origin make', 'let the agent compare with and push to one origin'],
    [
      'connector mcp --allow-origin https://auth.example.com --allow-origin https://api.example.com',
      'let the agent connect with a real API, where a person signs in',
    ],
  ],
  load: (): Promise<Module> => import('./mcp.run.ts'),
});
