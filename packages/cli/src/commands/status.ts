import { command, type Module, ORIGIN } from '../command.ts';

export const status = command({
  name: 'status',
  summary: 'show how the project and an origin differ, connection by connection',
  positionals: {},
  options: { origin: ORIGIN },
  examples: [['connector status --origin make', 'status against one origin']],
  load: (): Promise<Module> => import('./status.run.ts'),
});
