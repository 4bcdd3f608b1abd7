import { command, type Module } from '../command.ts';
import { ORIGIN } from '../settings.ts';

export const status = command({
  name: 'status',
  summary: 'says how the project and an origin stand to each other',
  positionals: {},
  options: { origin: ORIGIN },
  examples: [['connector status --origin make', 'connection by connection']],
  load: (): Promise<Module> => import('./status.run.ts'),
});
