import type { Express, Request } from 'express';
import type { Activity } from './activity.ts';
import { curlOf } from './curl.ts';
import { EventStream } from './event-stream.ts';
import type { JournalEntry, JournalSummary, RequestJournal } from './journal.ts';
import { filterIn, fits } from './journal-filter.ts';
import { originOf } from './origin.ts';
import { entryAt, type Replay } from './replay.ts';

/** Parts of a harness that the journal's routes work with. */
export interface JournalSurroundings {
  readonly journal: RequestJournal;
  readonly replay: Replay;
  /** Those that are open, for whoever ends them. */
  readonly streams: Set<EventStream>;
  readonly activity: Activity;
}

const BASE = '/__harness/journal';

/** Adds the journal: lists, the live stream, single entries, and sending a request again. */
export function journalRoutes(own: Express, { journal, replay, streams, activity }: JournalSurroundings): void {
  own.get(BASE, async (request, response) => {
    const { query } = request;
    const entries = await journal.list({ ...rangeOf(request), ...filterIn(query) });
    response.json({ entries: entries.map(viewOf(request)) });
  });
  own.delete(BASE, async (_request, response) => {
    await journal.clear();
    response.json({ entries: [] });
  });
  stream(own, journal, { streams, activity });
  own.get(`${BASE}/:number`, async (request, response) => {
    const entry = await entryAt(journal, numberIn(request.params.number));
    const obstacle = replay.obstacle(entry);
    const url = originOf(request);
    response.json({
      entry,
      curl: curlOf(entry, url, replay.isToPlatform(entry)),
      replay: obstacle === undefined ? { possible: true } : { possible: false, reason: obstacle },
    });
  });
  own.post(`${BASE}/:number/replay`, async (request, response) => {
    response.status(201).json({ entry: await replay.send(numberIn(request.params.number)) });
  });
}

function stream(
  own: Express,
  journal: RequestJournal,
  { streams, activity }: Pick<JournalSurroundings, 'streams' | 'activity'>,
): void {
  own.get(`${BASE}/stream`, async (request, response) => {
    const filter = filterIn(request.query);
    const view = viewOf(request);
    const stream = new EventStream(response, 'the requests to the platforms, as they are answered');
    let last = Number(request.headers['last-event-id'] ?? rangeOf(request).after ?? Number.NaN);
    const tell = (entry: JournalEntry) => {
      if (entry.number <= last) return;
      last = entry.number;
      if (fits(entry, filter)) stream.send(entry.number, 'request', view(entry));
    };
    streams.add(stream);
    activity.eventStreams++;
    let answers = 0;
    let caughtUp = Number.isNaN(last);
    const end = journal.follow((entry) => {
      answers++;
      if (caughtUp) tell(entry);
    });
    response.once('close', () => {
      streams.delete(stream);
      activity.eventStreams--;
      end();
    });
    // What comes while earlier ones are reported is looked up after them.
    while (!caughtUp && stream.open) {
      const before = answers;
      for (const entry of await journal.list({ after: last })) {
        tell(entry);
        await stream.ready();
      }
      caughtUp = answers === before;
    }
  });
}

/** `view=summary` leaves headers and bodies out. */
function viewOf({ query }: Request): (entry: JournalEntry) => JournalEntry | JournalSummary {
  if (query.view !== 'summary') return (entry) => entry;
  return ({ request: _, answer: __, ...summary }) => summary;
}

function rangeOf({ query }: Request): { after?: number; limit?: number } {
  const number = (name: string) => {
    const text = query[name];
    return typeof text === 'string' && /^\d{1,15}$/.test(text) ? { [name]: Number(text) } : {};
  };
  return { ...number('after'), ...number('limit') };
}

/** NaN for what is no number of an entry. */
function numberIn(text: string): number {
  return /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
}
