import { ConnectorError } from '../diagnostics.ts';
import type { Registry } from '../platforms/platform.ts';
import type { Origin, Project } from '../project/project.ts';
import type { LocalConnection } from './local.ts';
import type { SyncContext } from './options.ts';
import { findApp, isAlike } from './remote.ts';

/** A request that a platform has not answered: it may still be carried out. */
export interface PendingRequest {
  readonly what: 'app' | 'connection' | 'change';
  /** The connection that is created. */
  readonly connection?: Pick<LocalConnection, 'type' | 'label'>;
  /** ISO 8601; what was not there by then does not come any more, as far as anybody can know. */
  readonly until: string;
}

/**
 * Makes a registry that keeps each creation as pending before it is sent, and forgets it once it was answered, because
 * platforms have no idempotency keys: what is sent again while the first is still under way would be made twice. Of
 * other changes, only those are kept that had no answer: they can be made again, but must not come after a rollback. A
 * request counts as pending as long again as its answer was waited for.
 * @param timeout milliseconds that a request waits for its answer
 */
export function keepingPending(
  registry: Registry,
  keep: (pending: PendingRequest | undefined) => void,
  { now, timeout }: { readonly now: () => number; readonly timeout: number },
): Registry {
  const until = (milliseconds: number) => new Date(now() + milliseconds).toISOString();
  const creating = async <Answer>(
    what: Omit<PendingRequest, 'until'>,
    sent: () => Promise<Answer>,
  ): Promise<Answer> => {
    keep({ ...what, until: until(2 * timeout) });
    try {
      const answer = await sent();
      keep(undefined);
      return answer;
    } catch (error) {
      keep(isAnswer(error) ? undefined : { ...what, until: until(timeout) });
      throw error;
    }
  };
  const changing =
    <Given extends readonly unknown[], Answer>(send: (...given: Given) => Promise<Answer>) =>
    async (...given: Given): Promise<Answer> => {
      try {
        return await send(...given);
      } catch (error) {
        if (!isAnswer(error)) keep({ what: 'change', until: until(timeout) });
        throw error;
      }
    };
  return {
    ...registry,
    createApp: (app) => creating({ what: 'app' }, () => registry.createApp(app)),
    create: (app, connection) => creating({ what: 'connection', connection }, () => registry.create(app, connection)),
    update: changing(registry.update),
    delete: changing(registry.delete),
    deleteApp: changing(registry.deleteApp),
    setSection: changing(registry.setSection),
    setCommon: changing(registry.setCommon),
  };
}

function isAnswer(error: unknown): boolean {
  return error instanceof ConnectorError && error.kind !== 'network';
}

/** Milliseconds between two looks; each pause is twice the one before, up to the longest. */
const FIRST = 250;
const LONGEST = 8000;

/**
 * Waits while a request that a push sent which was cut off may still be carried out: what it creates would be made twice
 * otherwise. Looks again and again, and goes on when it is there, or does not come any more.
 * @param changes whether changes are waited for as well, because they must not come after a rollback
 */
export async function awaitPending(context: SyncContext, changes: boolean): Promise<void> {
  const { project, registry, state, clock, timeout, report } = context;
  const pending = state.pending();
  if (pending === undefined || (pending.what === 'change' && !changes)) return;
  const names = state.names();
  const known = [...(state.journal()?.known ?? []), ...Object.values(names.connections ?? {})];
  // No longer than a push writes down, whatever became of the clock since.
  const end = Math.min(Date.parse(pending.until), clock.now() + 2 * timeout);
  for (let pause = FIRST; ; pause = Math.min(2 * pause, LONGEST)) {
    const last = clock.now() >= end;
    if ((await hasArrived(pending, registry, project, names, known)) || last) return;
    if (pause === FIRST) {
      const seconds = Math.max(1, Math.ceil((end - clock.now()) / 1000));
      report({ type: 'waiting', pending, seconds });
    }
    await clock.sleep(Math.max(0, Math.min(pause, end - clock.now())));
  }
}

/**
 * Checks if the platform has by now what it was asked to create; of other changes nobody can tell.
 * @param known names of the connections that were there before
 */
async function hasArrived(
  { what, connection }: PendingRequest,
  registry: Registry,
  project: Pick<Project, 'name' | 'label'>,
  origin: Pick<Origin, 'app' | 'version'>,
  known: readonly string[],
): Promise<boolean> {
  if (what === 'change') return false;
  const app = findApp(await registry.apps(), project, origin, registry);
  if (app === undefined || connection === undefined) return app !== undefined;
  const listed = await registry.list(app.name);
  return listed.some((remote) => !known.includes(remote.name) && isAlike(connection, remote));
}
