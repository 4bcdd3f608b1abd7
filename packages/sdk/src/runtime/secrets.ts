import { isObject, type JSONObject } from '../json.ts';
import { asksForSecret, holdsKnownSecret, isPublicCommon, looksSecret } from '../secrecy.ts';
import { percentEncoded, wellFormed } from './form-encoding.ts';

/** Characters of the shortest secret that is looked for inside of texts: shorter ones are only hidden where they stand alone. */
const SHORTEST = 4;
/** Characters of base64 that are hardly an accident; what the shortest secret has at least. */
const SHORTEST_CORE = 4;

/** Characters of base64, in either alphabet, without the padding. */
const BASE64 = /[A-Za-z0-9+/_-]/;

/** Text in place of a secret. */
export function placeholder(label = ''): string {
  return label === '' ? '[redacted]' : `[redacted ${label}]`;
}

/** Returns the text that takes the place of a secret, which is known under a label. */
export type StandIn = (label: string, secret: string) => string;

/** An expression that hashes, and the variables whose secrets last. */
const HASHES = /\{\{.*\b(?:md5|sha1|sha256|sha512)\(/s;
const KEPT = /^(?:parameters|common|data)\./;

/** Names beside those of secrets whose values open something for as long as a flow takes. */
const PASSING = /^(code|state|oauth_signature|signature|sig|device_code|user_code|samlresponse)$/i;

/** Checks if what goes out, or comes back with the browser, holds a secret under this name. */
export function isSecretSent(name: string): boolean {
  return PASSING.test(name) || looksSecret(name);
}

/**
 * The secrets of a run, and what hides them: by their value, in whatever form a text holds them (as they are, in a JSON
 * string, percent-encoded, form-encoded, in base64, alone or beside others).
 */
export class Secrets {
  readonly #labels = new Map<string, string>();
  #patterns: readonly (readonly [parts: readonly RegExp[], standIn: string])[] | undefined;
  #cores: readonly (readonly [core: string, standIn: string])[] = [];
  readonly #stand: StandIn;

  /** @param stand what takes the place of a secret (default: `[redacted label]`) */
  constructor(stand: StandIn = placeholder) {
    this.#stand = stand;
  }

  /** Hides a value from now on, under the name that it is known by. Booleans and what is empty are no secrets. */
  add(value: unknown, label: string): void {
    if (typeof value !== 'string' && typeof value !== 'number') return;
    const text = String(value);
    if (text.trim() === '' || this.#labels.has(text)) return;
    this.#labels.set(text, label);
    const trimmed = text.trim();
    if (trimmed !== text) this.#labels.set(trimmed, label);
    this.#patterns = undefined;
  }

  /** Hides all that a value holds under the name of a secret. */
  addNamed(value: unknown, label: string, isNamed: (name: string) => boolean = looksSecret): void {
    if (Array.isArray(value)) for (const item of value) this.addNamed(item, label, isNamed);
    if (!isObject(value)) return;
    for (const [name, each] of Object.entries(value)) {
      const own = `${label}.${name}`;
      if (isNamed(name)) for (const item of [each].flat()) this.add(item, own);
      this.addNamed(each, own, isNamed);
    }
  }

  /** Hides a hash of what was filled in or stored: digest authentication takes it for the password. */
  addHashed({ text, value }: { readonly text: string; readonly value: unknown }): void {
    if (!HASHES.test(text)) return;
    for (const label of this.#labels.values()) {
      if (KEPT.test(label) && text.includes(label)) {
        this.add(value, `hash of ${label}`);
        return;
      }
    }
  }

  /** The values that are hidden. */
  values(): readonly string[] {
    return [...this.#labels.keys()];
  }

  /** The text without the secrets in it. */
  hide(text: string): string {
    if (text === '') return text;
    const alone = this.#labels.get(text);
    if (alone !== undefined) return this.#stand(alone, text);
    this.#patterns ??= this.#compile();
    let clean = text;
    for (const [core, standIn] of this.#cores) clean = withoutCore(clean, core, standIn);
    for (const [parts, standIn] of this.#patterns) clean = withoutParts(clean, parts, standIn);
    return holdsKnownSecret(clean) ? clean.replace(KNOWN, (secret) => this.#stand('', secret)) : clean;
  }

  #compile(): (readonly [readonly RegExp[], string])[] {
    const long = [...this.#labels].filter(([secret]) => secret.length >= SHORTEST);
    const standIns = new Map(long.map(([secret, label]) => [secret, this.#stand(label, secret)]));
    const cores = new Map<string, string>();
    for (const [secret, standIn] of standIns) {
      for (const form of formsOf(secret))
        for (const core of coresOf(form)) if (!cores.has(core)) cores.set(core, standIn);
    }
    this.#cores = [...cores];
    const longestFirst = [...standIns].sort(([a], [b]) => b.length - a.length);
    return longestFirst.map(([secret, standIn]) => [partsOf(secret), standIn] as const);
  }
}

/** Secrets of well-known services, with all that belongs to them. */
const KNOWN =
  /(?<![A-Za-z0-9])(?:sk_live_|sk_test_|rk_live_|gh[pousr]_|github_pat_|glpat-|xox[abprs]-|AKIA|AIza|SG\.|ya29\.|sk-ant-|shpat_|eyJ[\w-]{8,}\.eyJ)[\w.-]{8,}/g;

/** Characters that one pattern matches: a whole token of 70,000 is more than an engine of regular expressions takes. */
const LONGEST = 500;

/**
 * Patterns that match a secret in a text, one after the other: each character as it is, as JSON escapes it, or
 * percent-encoded, once or more often. Encoders differ in what they leave as it is, so that any mixture is one.
 */
function partsOf(secret: string): RegExp[] {
  const characters = [...wellFormed(secret)].map(characterPattern);
  const parts: RegExp[] = [];
  for (let at = 0; at < characters.length; at += LONGEST) {
    parts.push(new RegExp(characters.slice(at, at + LONGEST).join(''), at === 0 ? 'g' : 'y'));
  }
  return parts;
}

/** Hides each place where the first part stands, with the others as far as they follow. */
function withoutParts(text: string, [first, ...others]: readonly RegExp[], standIn: string): string {
  let clean = '';
  let at = 0;
  if (first === undefined) return text;
  first.lastIndex = 0;
  for (let found = first.exec(text); found !== null; found = first.exec(text)) {
    clean += text.slice(at, found.index) + standIn;
    at = first.lastIndex;
    for (const part of others) {
      part.lastIndex = at;
      if (!part.test(text)) break;
      at = part.lastIndex;
    }
    first.lastIndex = at;
  }
  return at === 0 ? text : clean + text.slice(at);
}

/** Characters that no encoder changes. Source: RFC 3986, section 2.3, without the tilde, which forms encode. */
const UNRESERVED = /^[\w.-]$/;

function characterPattern(character: string): string {
  if (UNRESERVED.test(character)) return escaped(character);
  const bytes = [...Buffer.from(character)].map((byte) => byte.toString(16).padStart(2, '0'));
  const hex = bytes.map((byte) => byte.replace(/[a-f]/g, (letter) => `[${letter}${letter.toUpperCase()}]`));
  const json = JSON.stringify(character).slice(1, -1);
  const forms = new Set([character, json].map(escaped));
  if (character === ' ') forms.add('\\+').add('%(?:25)*2[bB]');
  // The longest form first: a pattern cannot go back into the one before.
  return `(?:${[hex.map((byte) => `%(?:25)*${byte}`).join(''), ...forms].join('|')})`;
}

/** The forms in which a secret stands in what is then written in base64. */
function formsOf(secret: string): ReadonlySet<string> {
  const form = new URLSearchParams({ '': secret }).toString().slice(1);
  return new Set([secret, percentEncoded(secret), encodeURIComponent(wellFormed(secret)), form]);
}

/**
 * Returns what the base64 of any text that holds the secret has in common, wherever the secret is in it: the characters that
 * depend on nothing but the secret, for each of the three ways in which bytes fall into them.
 */
function coresOf(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const cores: string[] = [];
  for (let before = 0; before < 3; before++) {
    const all = Buffer.concat([Buffer.alloc(before), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    const from = Math.ceil((before * 8) / 6);
    const to = Math.floor(((before + bytes.length) * 8) / 6);
    const core = all.slice(from, to);
    if (core.length < SHORTEST_CORE) continue;
    const safe = core.replaceAll('+', '-').replaceAll('/', '_');
    cores.push(core, safe, percentEncoded(core));
  }
  return [...new Set(cores)];
}

/** Hides the base64 around each place where the core stands. */
function withoutCore(text: string, core: string, standIn: string): string {
  let clean = '';
  let at = 0;
  for (let found = text.indexOf(core); found >= 0; found = text.indexOf(core, at)) {
    let start = found;
    while (start > at && BASE64.test(text[start - 1] ?? '')) start--;
    let end = found + core.length;
    while (end < text.length && /[A-Za-z0-9+/_=%-]/.test(text[end] ?? '')) end++;
    clean += text.slice(at, start) + standIn;
    at = end;
  }
  return clean + text.slice(at);
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
}

/** The values that are filled in, and what tells which of them are secrets. */
interface Filled {
  /** The section `parameters`. */
  readonly form: unknown;
  readonly parameters: JSONObject;
  /** The schema of `common`. */
  readonly schema: unknown;
  readonly common: JSONObject;
}

/**
 * Returns the secrets that are known before anything runs: fields that hide what is typed, or have a secret's name,
 * and `common`.
 */
export function knownSecrets({ form, parameters, schema, common }: Filled, stand?: StandIn): Secrets {
  const secrets = new Secrets(stand);
  const fields = secretFields(form, new Set());
  secrets.addNamed(parameters, 'parameters', (name) => fields.has(name) || looksSecret(name));
  const properties = isObject(schema) && isObject(schema.properties) ? schema.properties : {};
  for (const [name, value] of Object.entries(common)) {
    if (isPublicCommon(name, properties[name])) continue;
    secrets.add(value, `common.${name}`);
    secrets.addNamed(value, `common.${name}`, () => true);
  }
  return secrets;
}

/** The names of the fields that ask for secrets, wherever they stand in the form. */
function secretFields(form: unknown, found: Set<string>): Set<string> {
  if (Array.isArray(form)) for (const item of form) secretFields(item, found);
  if (!isObject(form)) return found;
  if (typeof form.name === 'string' && asksForSecret(form.name, form)) found.add(form.name);
  for (const part of Object.values(form)) if (typeof part === 'object') secretFields(part, found);
  return found;
}
