import { LogPaths, plainPath, readLogPath } from '../analysis/log-paths.ts';
import { isObject, jsonIn } from '../json.ts';
import { isCredentialHeader, looksSecret } from '../secrecy.ts';
import type { Exchanged } from './exchange.ts';
import { isPlain } from './expressions.ts';
import { formDecoded, isBytes } from './form-encoding.ts';
import { mediaTypeOf } from './read-answer.ts';
import { isSecretSent, placeholder, type Secrets } from './secrets.ts';
import type { TraceExchange } from './trace.ts';
import type { HttpAnswer, HttpCall } from './transport.ts';

/** Characters of a body that a trace keeps. */
const KEPT = 16 * 1024;
/** Items of a list, and properties of an object, that a trace keeps. */
const KEPT_ITEMS = 200;

/** True if the value at a path such as `request`, `body`, `client_secret` is hidden. */
type IsHidden = (names: readonly string[]) => boolean;

/** Writes what happened without its secrets: what `log.sanitize` names, what is named as a secret, and what is one. */
export class Redaction {
  readonly #secrets: Secrets;
  readonly #isHidden: IsHidden;

  /** @param sanitize the entries of the step's `log.sanitize` */
  constructor(secrets: Secrets, sanitize: readonly string[] = []) {
    this.#secrets = secrets;
    const paths = new LogPaths(sanitize.map((entry) => readLogPath(entry).plain));
    this.#isHidden = (names) =>
      sanitize.length > 0 && names.length > 1 && paths.covers(plainPath(names.filter((name) => !/^\d+$/.test(name))));
  }

  text(text: string): string {
    return this.#secrets.hide(text);
  }

  /** A value as JSON: dates in ISO 8601, bytes by their number, long lists and texts cut off. */
  value(value: unknown, names: readonly string[] = [], isNamed: (name: string) => boolean = looksSecret): unknown {
    if (value === undefined || value === null || typeof value === 'boolean') return value;
    if (this.#isHidden(names)) return this.#named(value);
    if (typeof value === 'string') return this.#cut(this.text(value));
    if (typeof value === 'number') return this.text(String(value)) === String(value) ? value : placeholder();
    if (isBytes(value)) return `${value.byteLength} bytes`;
    if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'Invalid date' : value.toISOString();
    if (Array.isArray(value)) {
      const items = value.slice(0, KEPT_ITEMS);
      const shown = items.map((item, index) => this.value(item, [...names, String(index)], isNamed));
      return value.length > KEPT_ITEMS ? [...shown, `… (${value.length} items in all)`] : shown;
    }
    if (!isPlain(value)) return this.text(String(value));
    const entries = Object.entries(value);
    const shown = entries.slice(0, KEPT_ITEMS).map(([name, each]) => {
      const hidden = isNamed(name) && !isObject(each) && !Array.isArray(each) ? this.#named(each) : undefined;
      return [this.text(name), hidden ?? this.value(each, [...names, name], isNamed)];
    });
    if (entries.length > KEPT_ITEMS) shown.push(['…', `${entries.length} properties in all`]);
    return Object.fromEntries(shown);
  }

  /** Replaces a secret by its name, where that is known; an empty value stays. */
  #named(value: unknown): unknown {
    if (value === undefined || value === null || value === '' || typeof value === 'boolean') return value;
    const text = typeof value === 'string' || typeof value === 'number' ? String(value) : '';
    const hidden = text === '' ? '' : this.text(text);
    return /^\[redacted[^[\]]*\]$/.test(hidden) ? hidden : placeholder();
  }

  #cut(text: string): string {
    return text.length <= KEPT ? text : `${text.slice(0, KEPT)}… (${text.length} characters in all)`;
  }

  /** A URL, its query string by names and values. */
  url(url: string): string {
    const at = url.indexOf('?');
    const user = (text: string) => text.replace(/\/\/[^/@?#]*@/, `//${placeholder()}@`);
    if (at < 0) return user(this.text(url));
    return `${user(this.text(url.slice(0, at)))}?${this.#pairs(url.slice(at + 1), ['request', 'qs'])}`;
  }

  #pairs(text: string, names: readonly string[]): string {
    return text
      .split('&')
      .map((pair) => {
        const end = pair.indexOf('=');
        if (end < 0) return this.text(pair);
        const name = formDecoded(pair.slice(0, end));
        const value = formDecoded(pair.slice(end + 1));
        const hides = value !== '' && (isSecretSent(name) || this.#isHidden([...names, name]));
        return `${pair.slice(0, end)}=${hides ? this.#named(value) : this.text(pair.slice(end + 1))}`;
      })
      .join('&');
  }

  headers(headers: HttpAnswer['headers'], names: readonly string[]): Record<string, string | readonly string[]> {
    const shown: Record<string, string | readonly string[]> = {};
    for (const [name, value] of Object.entries(headers)) {
      if (value === undefined) continue;
      const each = (text: string) => this.#header(name, text, names);
      shown[name] = typeof value === 'string' ? each(value) : value.map(each);
    }
    return shown;
  }

  #header(name: string, value: string, names: readonly string[]): string {
    if (name === 'location') return this.url(value);
    if (!isCredentialHeader(name) && !this.#isHidden([...names, name])) return this.text(value);
    // The scheme tells nothing, and much of what goes wrong.
    const [, scheme, rest] = /^([A-Za-z][\w-]*) +(\S.*)$/s.exec(value) ?? [];
    return scheme === undefined || rest === undefined ? String(this.#named(value)) : `${scheme} ${this.#named(rest)}`;
  }

  exchange({ call, answer, milliseconds }: Exchanged, body: unknown): TraceExchange {
    const sent = this.#sentBody(call);
    const request = {
      method: call.method,
      url: this.url(call.url),
      headers: this.headers(call.headers, ['request', 'headers']) as Record<string, string>,
      ...(sent === undefined ? {} : { body: sent }),
    };
    return {
      request,
      ...(answer === undefined ? {} : { answer: this.#answer(answer, body) }),
      milliseconds,
    };
  }

  #answer({ status, headers, body: bytes }: HttpAnswer, body: unknown): NonNullable<TraceExchange['answer']> {
    const names = ['response', 'body'];
    const shown = body === undefined && bytes.length > 0 ? new TextDecoder().decode(bytes) : body;
    const value = typeof shown === 'string' ? this.#text(shown, names) : this.value(shown, names);
    return {
      status,
      headers: this.headers(headers, ['response', 'headers']),
      ...(value === undefined ? {} : { body: value }),
      size: bytes.byteLength,
    };
  }

  #sentBody({ body, headers }: HttpCall): string | undefined {
    if (body === undefined) return undefined;
    const mediaType = mediaTypeOf(headers);
    const names = ['request', 'body'];
    if (mediaType.startsWith('multipart/')) return this.#cut(this.#multipart(new TextDecoder().decode(body), names));
    if (!isText(body)) return `${body.byteLength} bytes`;
    return this.#cut(this.#text(new TextDecoder().decode(body), names));
  }

  /** A text that may be JSON or a form, by the names in it. */
  #text(text: string, names: readonly string[]): string {
    if (text !== '' && this.#isHidden(names)) return placeholder();
    const isNamed = names[0] === 'request' ? isSecretSent : looksSecret;
    const json = /^\s*[[{]/.test(text) ? jsonIn(text) : undefined;
    if (json !== undefined) return this.#cut(JSON.stringify(this.value(json, names, isNamed)));
    if (/^[\w.%[\]-]+=/.test(text) && !/\s/.test(text.trim())) return this.#pairs(text, names);
    const elements = text.replace(ELEMENT, (all, name: string, value: string) =>
      looksSecret(name) ? `<${name}>${this.#named(value)}</${name}>` : all,
    );
    return this.#cut(this.text(elements));
  }

  /** A form in parts: fields by their names, files by their length. */
  #multipart(text: string, names: readonly string[]): string {
    return text.replace(PART, (_, head: string, name: string, content: string) => {
      const isFile = /;\s*filename=/i.test(head);
      const hides = isSecretSent(name) || this.#isHidden([...names, name]);
      const shown = isFile ? `${content.length} characters` : hides ? this.#named(content) : this.text(content);
      return `${head}\r\n\r\n${shown}\r\n--`;
    });
  }
}

const ELEMENT = /<([A-Za-z_][\w.-]*)>([^<>]+)<\/\1>/g;
const PART = /(Content-Disposition: form-data; name="([^"]*)"[^\r\n]*(?:\r\n[^\r\n]+)*)\r\n\r\n([\s\S]*?)\r\n--/gi;

function isText(bytes: Uint8Array): boolean {
  try {
    return !new TextDecoder('utf-8', { fatal: true }).decode(bytes).includes('\0');
  } catch {
    return false;
  }
}
