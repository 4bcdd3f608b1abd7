import { looksSecret } from '@connectorkit/sdk';

/** What stands in the place of a secret. */
const REDACTED = '[redacted]';

/** Shorter ones are words that stand everywhere. */
const SHORTEST = 4;
/** How many values are remembered; the one that was not seen for longest is forgotten first. */
const REMEMBERED = 500;

/** Names of secrets beside those that look like one. */
const NAMES = /^(authorization|proxy-authorization|cookie|set-cookie|code|assertion|signature|.*csrf.*|.*session.*)$/i;

const MEMBER = /("(?:[^"\\]|\\.)*"|[\w$-]+)(\s*:\s*)("(?:[^"\\]|\\.)*"?|[^\s,}\]]+)/g;

function isSecretName(name: string): boolean {
  return NAMES.test(name) || looksSecret(name);
}

/** Takes secrets out of what is shown, by their names and by their values. */
export class Redaction {
  readonly #values = new Map<string, readonly string[]>();

  /** Remembers all texts and numbers in a value as secrets. */
  learn(value: unknown): void {
    if (typeof value === 'object' && value !== null) for (const each of Object.values(value)) this.learn(each);
    if (typeof value !== 'string' && typeof value !== 'number') return;
    const text = String(value);
    if (text.length < SHORTEST) return;
    const known = this.#values.get(text);
    this.#values.delete(text);
    this.#values.set(text, known ?? formsOf(text));
    if (this.#values.size > REMEMBERED) this.#values.delete(this.#values.keys().next().value ?? '');
  }

  /** Without the values that are known. */
  text(text: string): string {
    let clean = text;
    for (const forms of this.#values.values()) {
      for (const form of forms) if (clean.includes(form)) clean = clean.replaceAll(form, REDACTED);
    }
    return clean;
  }

  /** Header names and values; what proves who calls is remembered. */
  headers(headers: Readonly<Record<string, string | readonly string[] | number | undefined>>): Record<string, string> {
    const clean: Record<string, string> = {};
    for (const [name, value] of Object.entries(headers)) {
      if (value === undefined) continue;
      const text = Array.isArray(value) ? value.join(', ') : String(value);
      const secret = isSecretName(name);
      if (secret) this.#learnProof(text);
      clean[name] = secret ? REDACTED : this.text(text);
    }
    return clean;
  }

  /** A path and its query; values in the query go by their names as well. */
  url(url: string): string {
    const [path = '', query] = url.split('?', 2);
    if (query === undefined) return this.text(path);
    return `${this.text(path)}?${this.#form(query)}`;
  }

  /** A body by its media type. */
  body(body: string, mediaType: string): string {
    if (/\bjson\b/.test(mediaType)) {
      try {
        return JSON.stringify(this.#json(JSON.parse(body), ''));
      } catch {
        return this.#members(body);
      }
    }
    return mediaType.includes('x-www-form-urlencoded') ? this.#form(body) : this.text(body);
  }

  #form(text: string): string {
    const pairs = [...new URLSearchParams(text)].map(([name, value]): [string, string] => {
      if (!isSecretName(name)) return [name, this.text(value)];
      this.learn(value);
      return [name, REDACTED];
    });
    return pairs.map(([name, value]) => `${name}=${value}`).join('&');
  }

  /** Of what should have been JSON: values go by the names before them, up to where they end. */
  #members(text: string): string {
    return this.text(text).replace(MEMBER, (member, name: string, between: string) =>
      isSecretName(name.replace(/^"|"$/g, '')) ? `${name}${between}"${REDACTED}"` : member,
    );
  }

  #json(value: unknown, name: string): unknown {
    if (typeof value === 'object' && value !== null) {
      if (Array.isArray(value)) return value.map((each) => this.#json(each, name));
      const entries = Object.entries(value).map(([key, each]) => [this.text(key), this.#json(each, key)] as const);
      return Object.fromEntries(entries);
    }
    if (value === null || typeof value === 'boolean') return value;
    if (isSecretName(name) && value !== '') return REDACTED;
    if (typeof value === 'string') return this.text(value);
    return this.#values.has(String(value)) ? REDACTED : value;
  }

  /** `Bearer X`, `Basic X`, or cookies. */
  #learnProof(text: string): void {
    const proof = text.replace(/^[a-z]+ +/i, '');
    this.learn(proof);
    if (/^basic /i.test(text)) this.learn(Buffer.from(proof, 'base64').toString('utf8').split(':').slice(1).join(':'));
    for (const [, value] of text.matchAll(/=([^;,\s]+)/g)) this.learn(value);
  }
}

/** As the value stands in a text, in a URL and in JSON. */
function formsOf(text: string): readonly string[] {
  let encoded = text;
  try {
    encoded = encodeURIComponent(text);
  } catch {
    // A lone surrogate stands in no URL.
  }
  return [...new Set([text, encoded, JSON.stringify(text).slice(1, -1)])];
}
