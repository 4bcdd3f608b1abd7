import { looksSecret } from '@connectorkit/sdk/emulator';

/** Text in place of a secret. */
export const REDACTED = '[redacted]';

/** Shorter ones are words that stand everywhere. */
const SHORTEST = 4;
/** How many values are remembered; the one that was not seen for longest is forgotten first. */
const REMEMBERED = 500;

/** Names of secrets beside those that look like one. */
const NAMES = /^(authorization|proxy-authorization|cookie|set-cookie|code|assertion|signature|.*csrf.*|.*session.*)$/i;

/** A member of JSON, also of broken JSON, of JSON with comments, and of other texts of the form `name: value`. */
const MEMBER =
  /("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[\w$-]+)(\s*:\s*)("(?:[^"\\]|\\.)*"?|'(?:[^'\\]|\\.)*'?|[^\s,}\]]+)/g;

/** A form: pairs of a name and a value, without white space. */
const FORM = /^[^\s=&<>{}[\]"]+=[^\s&<>{}[\]"]*(?:&[^\s=&<>{}[\]"]+(?:=[^\s&<>{}[\]"]*)?)*$/;

/** An opening tag of XML with its attributes. */
const TAG = /<([\w.:-]+)((?:\s+[\w.:-]+\s*=\s*(?:"[^"]*"|'[^']*'))*)\s*(\/?)>/g;
const ATTRIBUTE = /([\w.:-]+)(\s*=\s*)("[^"]*"|'[^']*')/g;

/** Attributes of a cookie beside its value; a path appears everywhere. */
const COOKIE_ATTRIBUTES = /^(path|domain|expires|max-age|samesite)$/i;

/** A word that may be percent-encoded, in part or in whole. */
const ENCODED = /[\w.~!*'()%-]+/g;

/** The shortest text that is remembered as a secret because of the name before it. */
const SHORTEST_NAMED = 8;

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

  /** Without the values that are known, also where they are percent-encoded, whichever of their characters are. */
  text(text: string): string {
    const clean = this.#plain(text);
    if (!clean.includes('%')) return clean;
    return clean.replace(ENCODED, (encoded) => {
      const decoded = percentDecoded(encoded);
      return this.#plain(decoded) === decoded ? encoded : REDACTED;
    });
  }

  #plain(text: string): string {
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
    const [path = '', ...rest] = url.split('?');
    return rest.length === 0 ? this.text(path) : `${this.text(path)}?${this.#form(rest.join('?'))}`;
  }

  /** Remembers as secrets what stands behind the name of one in a body. */
  learnNamed(body: string): void {
    this.#walk(body, (value) => {
      if (value.length >= SHORTEST_NAMED) this.learn(value);
      return REDACTED;
    });
  }

  /** A body, by what it is: what its media type says is the sender's word alone. */
  body(body: string): string {
    return this.text(this.#walk(body, () => REDACTED));
  }

  /** A body with what `secret` gives in the place of each value behind the name of a secret. */
  #walk(body: string, secret: (value: string) => string): string {
    const start = body.trimStart();
    if (/^[{["]/.test(start)) {
      try {
        return JSON.stringify(this.#json(JSON.parse(body), '', secret));
      } catch {
        return members(body, secret);
      }
    }
    if (start.startsWith('<')) return members(markup(body, secret), secret);
    return FORM.test(body.trim()) ? this.#pairs(body.trim(), secret) : members(body, secret);
  }

  #form(text: string): string {
    return this.text(
      this.#pairs(text, (value) => {
        this.learn(value);
        return REDACTED;
      }),
    );
  }

  #pairs(text: string, secret: (value: string) => string): string {
    const all = new URLSearchParams(text);
    // Without S256 the challenge of PKCE is the verifier itself: RFC 7636, section 4.2.
    const isPlain = all.get('code_challenge_method') !== 'S256';
    const isSecret = (name: string) => isSecretName(name) || (isPlain && name === 'code_challenge');
    const pairs = [...all].map(([name, value]): [string, string] => [
      name,
      isSecret(name) ? secret(value) : this.text(value),
    ]);
    return pairs.map(([name, value]) => `${name}=${value}`).join('&');
  }

  #json(value: unknown, name: string, secret: (value: string) => string): unknown {
    if (typeof value === 'object' && value !== null) {
      if (Array.isArray(value)) return value.map((each) => this.#json(each, name, secret));
      const entries = Object.entries(value).map(([key, each]) => {
        // The value of a pair goes by the name that stands beside it, and what is in a secret is secret.
        const named = key === 'value' ? nameBeside(value) : undefined;
        return [this.text(key), this.#json(each, isSecretName(name) ? name : (named ?? key), secret)] as const;
      });
      return Object.fromEntries(entries);
    }
    if (value === null || typeof value === 'boolean') return value;
    if (isSecretName(name) && value !== '') return secret(String(value));
    if (typeof value === 'string') return this.text(value);
    return this.#values.has(String(value)) ? REDACTED : value;
  }

  /** `Bearer X`, `Basic X`, or cookies. */
  #learnProof(text: string): void {
    const proof = text.replace(/^[a-z]+ +/i, '');
    this.learn(proof);
    if (/^basic /i.test(text)) this.learn(Buffer.from(proof, 'base64').toString('utf8').split(':').slice(1).join(':'));
    for (const [, name = '', value] of text.matchAll(/([^;,\s=]+)=([^;,\s]+)/g)) {
      if (!COOKIE_ATTRIBUTES.test(name)) this.learn(value);
    }
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

/** Replaces values behind names of secrets in JSON that cannot be parsed, or in other text; up to where each ends. */
function members(text: string, secret: (value: string) => string): string {
  return text.replace(MEMBER, (member, name: string, between: string, value: string) =>
    isSecretName(unquoted(name)) ? `${name}${between}"${secret(unquoted(value))}"` : member,
  );
}

/** Replaces contents of elements and attributes of XML with names of secrets; an unclosed element goes to the end. */
function markup(text: string, secret: (value: string) => string): string {
  let result = '';
  let at = 0;
  for (const tag of text.matchAll(TAG)) {
    const [all, name = '', attributes = '', closed = ''] = tag;
    if (tag.index < at) continue;
    const shown = attributes.replace(ATTRIBUTE, (whole, attribute: string, between: string, value: string) =>
      isSecretName(localName(attribute)) ? `${attribute}${between}"${secret(unquoted(value))}"` : whole,
    );
    result += `${text.slice(at, tag.index)}<${name}${shown}${closed}>`;
    at = tag.index + all.length;
    if (closed !== '' || !isSecretName(localName(name))) continue;
    const end = text.indexOf(`</${name}`, at);
    const content = text.slice(at, end < 0 ? undefined : end);
    for (const piece of content.split(/<!\[CDATA\[|\]\]>|<[^>]*>/)) if (piece.trim() !== '') secret(piece.trim());
    result += REDACTED;
    at += content.length;
  }
  return result + text.slice(at);
}

/** Up to three times, because some servers decode twice; what is not percent-encoding stands for itself. */
function percentDecoded(text: string): string {
  let decoded = text;
  try {
    for (let round = 0; round < 3 && decoded.includes('%'); round++) decoded = decodeURIComponent(decoded);
  } catch {
    // As far as it could be decoded.
  }
  return decoded;
}

function localName(name: string): string {
  return name.slice(name.lastIndexOf(':') + 1);
}

function unquoted(text: string): string {
  return text.replace(/^["']|["']$/g, '');
}

/** Of `{"name": "clientSecret", "value": "…"}` the name. */
function nameBeside(pair: object): string | undefined {
  const { name, key, id } = pair as Readonly<Record<string, unknown>>;
  return [name, key, id].find((each) => typeof each === 'string' && isSecretName(each)) as string | undefined;
}
