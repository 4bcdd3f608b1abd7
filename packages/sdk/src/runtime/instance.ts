import type { JSONObject } from '../json.ts';
import { isPlain } from './expressions.ts';
import { isBytes } from './form-encoding.ts';
import type { Results } from './interpret.ts';
import { Redaction } from './redact.ts';
import { placeholder, type Secrets } from './secrets.ts';

/** A connection that somebody has connected: what it stores. JSON as it stands; it holds secrets. */
export interface Instance {
  /** Data that the answers stored, as `data.*` and `connection.*` read it; the values of the form are not in it. */
  readonly data: JSONObject;
  /** Text that is shown behind the name of the connection. */
  readonly metadata?: { readonly value: string; readonly type?: string };
  /** The id of the account. */
  readonly uid?: string | number;
  /** When the user has to authorize again; ISO 8601. */
  readonly expires?: string;
  /** The scopes that were granted, as far as that is known. */
  readonly scope?: readonly string[];
}

/** The same while a run goes on: dates are dates. */
export type Stored = { data: JSONObject } & {
  -readonly [Name in 'metadata' | 'uid' | 'expires' | 'scope']?: Results[Name];
};

/**
 * Returns the stored data that a run begins with. Texts in the form of stored dates become dates, so that they can be
 * compared.
 */
export function storedFrom(instance: Instance | undefined): Stored {
  if (instance === undefined) return { data: {} };
  const { data, expires, ...others } = instance;
  return {
    ...others,
    data: revived(data) as JSONObject,
    ...(expires === undefined ? {} : { expires: new Date(expires) }),
  };
}

/** Returns the instance that a run ends with. */
export function instanceOf({ data, metadata, uid, expires, scope }: Stored): Instance {
  const isMoment = expires !== undefined && !Number.isNaN(expires.getTime());
  return {
    data: jsonOf(data) as JSONObject,
    ...(metadata === undefined ? {} : { metadata }),
    ...(uid === undefined ? {} : { uid }),
    ...(isMoment ? { expires: expires.toISOString() } : {}),
    ...(scope === undefined ? {} : { scope }),
  };
}

/** Dates in ISO 8601, bytes in base64, and what JSON has anyway. An invalid date is null. */
function jsonOf(value: unknown): unknown {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (isBytes(value)) return Buffer.from(value).toString('base64');
  if (Array.isArray(value)) return value.map(jsonOf);
  if (!isPlain(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, jsonOf(each)]));
}

/** A date as it is stored. */
const MOMENT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;

/** A text of this form gives the same text again wherever it is written, so that nothing is lost by its being a date. */
function revived(value: unknown): unknown {
  if (typeof value === 'string' && MOMENT.test(value)) return new Date(value);
  if (Array.isArray(value)) return value.map(revived);
  if (!isPlain(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, revived(each)]));
}

/** Returns an instance without its secrets: what is stored is told by its names, but for dates and booleans. */
export function shownInstance({ data, ...others }: Instance, secrets: Secrets): Instance {
  const told = new Redaction(secrets).value(others) as Omit<Instance, 'data'>;
  return { ...told, data: masked(data) as JSONObject };
}

function masked(value: unknown): unknown {
  if (value === null || typeof value === 'boolean' || (typeof value === 'string' && MOMENT.test(value))) return value;
  if (Array.isArray(value)) return value.map(masked);
  if (!isPlain(value)) return placeholder();
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, masked(each)]));
}
