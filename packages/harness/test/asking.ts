/** Somewhere that can be asked. */
export interface Place {
  readonly url: string;
}

/** Token of all harnesses that are asked. */
export const TOKEN = '7d1f0d5c-6a43-4d0b-9d1e-3f6f0a6f7c11';

export interface Asked {
  readonly scheme?: string;
  readonly type?: string;
}

export interface Answered {
  readonly status: number;
  readonly text: string;
  /** Undefined unless it is JSON. */
  // biome-ignore lint/suspicious/noExplicitAny: what a test reads of an answer is what it asserts
  readonly body: any;
}

/** An answer; undefined when the connection was lost. */
export async function ask(
  { url }: Place,
  method: string,
  path: string,
  body?: unknown,
  { scheme = 'Bearer', type }: Asked = {},
): Promise<Answered | undefined> {
  const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
  const headers = {
    authorization: `${scheme} ${TOKEN}`,
    ...(body !== undefined && { 'content-type': type ?? 'application/json' }),
  };
  const asked = { method, headers, ...(text !== undefined && { body: text }) };
  const response = await fetch(`${url}${path}`, asked).catch(() => undefined);
  const answered = await response?.text().catch(() => undefined);
  if (response === undefined || answered === undefined) return undefined;
  return { status: response.status, text: answered, body: parsed(answered) };
}

/** Sections are sent as JSON as well, and may hold comments. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export const MAKE = { scheme: 'Token' };
export const section = (name: string) => `/api/v2/sdk/apps/connections/${name}/api`;
export const putSection = (place: Place, name: string, text: string) =>
  ask(place, 'PUT', section(name), text, { ...MAKE, type: 'application/jsonc' });

/** Name of the connection of an app that Make makes at a number, from 1. */
export const nameAt = (app: string, number: number) => (number === 1 ? app : `${app}${number}`);
