import type { Visit } from './records.ts';
import type { Run } from './run.ts';

/** The order of steps of one kind of authorization. Each throws a Failure where it ends early. */
export interface Authorization {
  /** Makes a connection of what a user filled in. */
  connect(run: Run, visit: Visit): Promise<void>;
  /** Proves that a connection still holds, after it was refreshed where that was due. */
  verify(run: Run): Promise<void>;
  /** Refreshes a connection before it is used, where that is due. */
  refresh(run: Run): Promise<void>;
  /** Takes back what was granted, when a connection is deleted. */
  invalidate(run: Run): Promise<void>;
}

/**
 * API keys, names with passwords, and anything else without OAuth: the requests of the section prove the values of the
 * form. There may be none, and then the connection only stores them.
 */
export const basic: Authorization = {
  connect: (run) => run.step(),
  verify: (run) => run.step(),
  refresh: async () => {},
  invalidate: async () => {},
};
