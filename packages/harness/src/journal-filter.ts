import { ConnectorError } from '@connectorkit/sdk/emulator';
import type { JournalSummary } from './journal.ts';

/** Which entries of the journal are meant: those that fit all that is said. */
export interface JournalFilter {
  /** Name of a platform, or `provider`. */
  readonly platform?: string | undefined;
  readonly method?: string | undefined;
  /** A status such as `404`, all of a class such as `4xx`, or `0` for connections that were cut. */
  readonly status?: string | undefined;
  /** Part of the path or the query, in whatever case. */
  readonly path?: string | undefined;
  /** The first moment, ISO 8601, in real time. */
  readonly since?: string | undefined;
}

/** Checks if an entry is one that a filter means. */
export function fits({ platform, method, status, url, at }: JournalSummary, filter: JournalFilter): boolean {
  if (filter.platform !== undefined && filter.platform !== platform) return false;
  if (filter.method !== undefined && filter.method !== method) return false;
  if (filter.status !== undefined && !statusFits(String(status), filter.status)) return false;
  if (filter.path !== undefined && !url.toLowerCase().includes(filter.path.toLowerCase())) return false;
  return filter.since === undefined || at >= filter.since;
}

function statusFits(status: string, wanted: string): boolean {
  return wanted.endsWith('xx') ? status.length === 3 && status[0] === wanted[0] : status === wanted;
}

/** How each field of a filter is written in a query; `read` gives undefined for what it is not. */
const FIELDS: Readonly<
  Record<keyof JournalFilter, { readonly words: string; read(text: string): string | undefined }>
> = {
  platform: { words: 'the name of a platform', read: matching(/^[\w-]{1,100}$/) },
  method: { words: 'a method such as GET', read: (text) => matching(/^[A-Z]{1,20}$/)(text.toUpperCase()) },
  status: {
    words: 'a status such as 404, 4xx, or 0 for a connection that was cut',
    read: matching(/^(0|[1-5](xx|\d\d))$/),
  },
  path: {
    words: 'a part of the path of up to 1000 characters',
    read: (text) => (text.length <= 1000 ? text : undefined),
  },
  since: {
    words: 'a time such as 2026-01-31T12:00:00Z',
    read: (text) => (Number.isNaN(Date.parse(text)) ? undefined : new Date(text).toISOString()),
  },
};

function matching(pattern: RegExp): (text: string) => string | undefined {
  return (text) => (pattern.test(text) ? text : undefined);
}

/**
 * The filter in the query of a request; fields that are empty are left out.
 * @throws ConnectorError usage `usage/arguments` for a field that cannot be read
 */
export function filterIn(query: Readonly<Record<string, unknown>>): JournalFilter {
  const fields = Object.entries(FIELDS).flatMap(([name, { words, read }]): [string, string][] => {
    const given = query[name];
    if (given === undefined || given === '') return [];
    const value = typeof given === 'string' ? read(given) : undefined;
    if (value !== undefined) return [[name, value]];
    throw new ConnectorError('usage', {
      code: 'usage/arguments',
      message: `${name} of the journal is ${words}, not ${JSON.stringify(given)}.`,
      hint: `The journal is filtered by ${Object.keys(FIELDS).join(', ')}.`,
    });
  });
  return Object.fromEntries(fields);
}
