import type { Headers } from '../emulator.ts';
import type { ReadTransaction } from '../store/store.ts';
import { type Client, clientOf } from './registered.ts';

/** Client id and secret, or what stands for them. */
interface Pair {
  readonly id: string;
  readonly secret: string;
}

/** An `Authorization: Basic` header of a client as the library is to see it, and what is to be said of it when it fails. */
export interface Presented {
  readonly authorization: string;
  /** How id and secret came, in a sentence, when that is why they do not fit. */
  readonly note?: string;
}

/**
 * Reads id and secret of a client as it was registered: form-encoded, as RFC 6749, section 2.3.1, has it, as they are,
 * or either way. The library takes only the first, so what may come as it is is encoded.
 * @returns undefined when there is nothing to change and nothing to say
 */
export async function presentedSecret({ authorization }: Headers, tx: ReadTransaction): Promise<Presented | undefined> {
  const [, encoded] = /^basic +([\w+/=-]+)$/i.exec(String(authorization ?? '')) ?? [];
  const text = Buffer.from(encoded ?? '', 'base64').toString('utf8');
  const colon = text.indexOf(':');
  if (colon < 0) return undefined;
  const raw: Pair = { id: text.slice(0, colon), secret: text.slice(colon + 1) };
  const decoded = formDecoded(raw);
  const client = (decoded && (await clientOf(decoded.id, tx))) ?? (await clientOf(raw.id, tx));
  if (client?.client_secret === undefined) return undefined;
  const { basic = 'form-encoded' } = client;
  const came = { raw: isOf(client, raw), 'form-encoded': decoded !== undefined && isOf(client, decoded) };
  if (basic === 'form-encoded') {
    return came.raw && !came['form-encoded'] ? { authorization: String(authorization), note: CAME_RAW } : undefined;
  }
  if (basic === 'either' && came['form-encoded']) return undefined;
  const header = { authorization: `Basic ${Buffer.from(`${form(raw.id)}:${form(raw.secret)}`).toString('base64')}` };
  return basic === 'raw' && came['form-encoded'] && !came.raw ? { ...header, note: CAME_ENCODED } : header;
}

const CAME_RAW =
  'The client id and secret in the Authorization header are not form-encoded; RFC 6749, section 2.3.1, requires that before Base64.';
const CAME_ENCODED =
  'The client id and secret in the Authorization header are form-encoded; this client is registered to send them without that.';

function isOf({ client_id: id, client_secret: secret }: Client, pair: Pair): boolean {
  return pair.id === id && pair.secret === secret;
}

function formDecoded({ id, secret }: Pair): Pair | undefined {
  try {
    const [decodedId = '', decodedSecret = ''] = [id, secret].map((part) =>
      decodeURIComponent(part.replaceAll('+', '%20')),
    );
    return { id: decodedId, secret: decodedSecret };
  } catch {
    return undefined;
  }
}

function form(text: string): string {
  return new URLSearchParams([['', text]]).toString().slice(1);
}
