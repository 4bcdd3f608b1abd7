import { command, type Module, ORIGIN } from '../command.ts';

export const status = command({
  name: 'status',
  summary: 'says how the project and an origin stand to each other',
  positionals: {},
  options: { origin: ORIGIN },
  examples: [['connector status --origin make', 'connection by connection']],
  load: (): Promise<Module> => import('./status.run.ts'),
});
