import { command, type Module } from '../command.ts';
import { HARNESS_OPTIONS } from '../local-harness.ts';

export const harness = command({
  name: 'harness',
  summary: 'runs the platforms on this machine, with a memory',
  positionals: {},
  options: HARNESS_OPTIONS,
  examples: [
    ['connector harness', 'run until Ctrl-C'],
    ['connector harness --port 0 --store memory', 'on a free port, forgetting everything at the end'],
  ],
  load: (): Promise<Module> => import('./harness.run.ts'),
});
