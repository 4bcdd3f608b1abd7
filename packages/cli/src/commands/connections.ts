import { actionOf, command, type Module, ORIGIN } from '../command.ts';

/** The actions on connections that were connected with `connector connect`. */
export const ACTIONS = ['list', 'show', 'verify', 'refresh', 'invalidate', 'trace', 'delete'] as const;

export const connections = command({
  name: 'connections',
  summary: 'list, show, verify, refresh, invalidate or trace what `connector connect` connected',
  positionals: {
    action: actionOf(ACTIONS),
    id: { describe: 'Id of the connected connection', example: 'main-1', values: 'connected' },
  },
  options: {
    harness: {
      type: 'boolean',
      describe: 'Use the connections in the running harness, which `connector connect --harness` connected',
    },
    origin: { ...ORIGIN, describe: 'With --harness: origin in the project that is a shared harness' },
    curl: { type: 'boolean', describe: 'With trace: print the requests as curl commands' },
    record: {
      type: 'string',
      value: 'name',
      describe: 'With verify, refresh and invalidate: write a test of the run, without secrets',
    },
    trace: { type: 'boolean', describe: 'Show every step in full, not only steps that failed' },
  },
  examples: [
    ['connector connections list', 'list them'],
    ['connector connections refresh main-1', 'refresh its tokens if they are due'],
    ['connector connections verify main-1', 'check that it still works'],
    ['connector connections trace main-1 --curl', 'print the requests of the last run as curl commands'],
    ['connector connections list --harness', 'list those that were connected in the harness'],
    ['connector connections invalidate main-1', 'revoke its tokens at the provider, and delete it here'],
  ],
  load: (): Promise<Module> => import('./connections.run.ts'),
});
