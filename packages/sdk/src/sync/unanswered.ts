import { ConnectorError } from '../diagnostics.ts';
import type { Registry } from '../platforms/platform.ts';
import type { Origin, Project } from '../project/project.ts';
import { findApp, isAlike, type LocalConnection } from './state.ts';

/** A creation that a platform was asked for and has not answered: it may still be carried out. */
export interface Unanswered {
  /** Undefined when it is the app that is created. */
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
 * idempotency keys: what is sent again while the first is still under way would be made twice. It counts as under way as
 * long again as its answer was waited for.
 */
export function noting(
  registry: Registry,
  { note }: { readonly note: (unanswered: Unanswered | undefined) => void },
  { now, patience }: Patience,
): Registry {
  const until = (milliseconds: number) => new Date(now() + milliseconds).toISOString();
  const noted = async <Answer>(what: Pick<Unanswered, 'connection'>, sent: () => Promise<Answer>): Promise<Answer> => {
    note({ ...what, until: until(2 * patience) });
    try {
      const answer = await sent();
      note(undefined);
      return answer;
    } catch (error) {
      const answered = error instanceof ConnectorError && error.kind !== 'network';
      note(answered ? undefined : { ...what, until: until(patience) });
      throw error;
    }
  };
  return {
    ...registry,
    createApp: (app) => noted({}, () => registry.createApp(app)),
    create: (app, connection) => noted({ connection }, () => registry.create(app, connection)),
  };
}

/**
 * Whether the platform has by now what it was asked for.
 * @param known names of the connections that were there before
 */
export async function hasArrived(
  { connection }: Unanswered,
  registry: Registry,
  project: Pick<Project, 'name' | 'label'>,
  origin: Pick<Origin, 'app' | 'version'>,
  known: readonly string[],
): Promise<boolean> {
  const app = findApp(await registry.apps(), project, origin, registry);
  if (app === undefined || connection === undefined) return app !== undefined;
  const listed = await registry.list(app.name);
  return listed.some((remote) => !known.includes(remote.name) && isAlike(connection, remote));
}
