import { command, type Module, ORIGIN } from '../command.ts';

export const recreate = command({
  name: 'recreate',
  summary: 'register connections on the platform again, as they were pushed',
  positionals: {
    connection: {
      describe: 'Ids of the connections (default: all)',
      example: 'github',
      many: true,
      values: 'connections',
    },
  },
  options: { origin: ORIGIN },
  examples: [
    ['connector recreate', 'every connection'],
    ['connector recreate github --origin make', 'one connection on one origin'],
  ],
  load: (): Promise<Module> => import('./recreate.run.ts'),
});
