import { ConnectorError } from '../diagnostics.ts';
import type { Registry } from '../platforms/platform.ts';
import type { Origin, Project } from '../project/project.ts';
import { findApp, isAlike, type LocalConnection } from './state.ts';

/** What a platform was asked for and has not answered: it may still be carried out. */
export interface Unanswered {
  readonly what: 'app' | 'connection' | 'change';
  /** The connection that is created. */
  readonly connection?: Pick<LocalConnection, 'type' | 'label'>;
  /** ISO 8601; what was not there by then does not come any more, as far as anybody can know. */
  readonly until: string;
}

/** What is known of time where creations are noted, in milliseconds. */
export interface Patience {
  readonly now: () => number;
  /** How long a request waits for its answer. */
  readonly patience: number;
}

/**
 * A registry that notes each creation before it is sent, and forgets it once it was answered, because platforms have no
 * idempotency keys: what is sent again while the first is still under way would be made twice. Of other changes, only
 * those are noted that had no answer: they can be made again, but must not come after a rollback. What is noted counts
 * as under way as long again as its answer was waited for.
 */
export function noting(
  registry: Registry,
  { note }: { readonly note: (unanswered: Unanswered | undefined) => void },
  { now, patience }: Patience,
): Registry {
  const until = (milliseconds: number) => new Date(now() + milliseconds).toISOString();
  const noted = async <Answer>(what: Omit<Unanswered, 'until'>, sent: () => Promise<Answer>): Promise<Answer> => {
    note({ ...what, until: until(2 * patience) });
    try {
      const answer = await sent();
      note(undefined);
      return answer;
    } catch (error) {
      note(isAnswer(error) ? undefined : { ...what, until: until(patience) });
      throw error;
    }
  };
  const changing =
    <Given extends readonly unknown[], Answer>(send: (...given: Given) => Promise<Answer>) =>
    async (...given: Given): Promise<Answer> => {
      try {
        return await send(...given);
      } catch (error) {
        if (!isAnswer(error)) note({ what: 'change', until: until(patience) });
        throw error;
      }
    };
  return {
    ...registry,
    createApp: (app) => noted({ what: 'app' }, () => registry.createApp(app)),
    create: (app, connection) => noted({ what: 'connection', connection }, () => registry.create(app, connection)),
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

/**
 * Whether the platform has by now what it was asked to create; of other changes nobody can tell.
 * @param known names of the connections that were there before
 */
export async function hasArrived(
  { what, connection }: Unanswered,
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
