import { decodeEntities } from '../iml/functions/markup.ts';
import { looksSecret } from '../secrecy.ts';
import type { HttpRequest } from './platform.ts';

const REDACTED = '[redacted]';

/** Shorter ones are words that stand everywhere. */
const SHORTEST = 4;
const PROOFS = /^(authorization|cookie|.*(csrf|token).*)$/i;

/** Characters of an answer that are looked at, and those that are quoted. */
const LOOKED_AT = 20_000;
const QUOTED = 120;

/** A name and its value, as in JSON, in a form, in a query and in headers. */
const NAMED =
  /(["']?)(?<![\w.-])([\w.-]+)\1(\s{0,9}[:=]\s{0,9})("(?:[^"\\]|\\.)*"?|'[^']*'?|(?:(?:bearer|basic|token)\s+)?[^\s"'<>&,;}\]]+)/gi;
/** Matches what follows the name of a scheme, and text that is too long and too mixed to be a word. */
const OPAQUE = /\b(?:bearer|basic)\s+\S+|[\w+/.~-]{20,}={0,2}/gi;

/**
 * The beginning of an answer that is not what was expected, as people may see it: of markup its words, in one line, and
 * without what is or looks like a secret.
 */
export function firstWords(request: HttpRequest, body: string): string {
  const text = body.slice(0, LOOKED_AT);
  const words = /^\s*</.test(text) ? wordsOfMarkup(text) : text;
  const clean = withoutSecrets(request, words)
    .replace(NAMED, (all, quote: string, name: string, between: string) =>
      looksSecret(name) ? `${quote}${name}${quote}${between}${REDACTED}` : all,
    )
    .replace(OPAQUE, (word) => (/\s/.test(word) || (/\d/.test(word) && /[a-z]/i.test(word)) ? REDACTED : word))
    .replace(/[\s\p{Cc}\p{Cf}]+/gu, ' ')
    .trim();
  return clean.length > QUOTED ? `${clean.slice(0, QUOTED).trimEnd()}…` : clean;
}

function wordsOfMarkup(text: string): string {
  return decodeEntities(text.replace(/<(script|style)\b[\s\S]*?(?:<\/\1\s*>|$)|<!--[\s\S]*?(?:-->|$)|<[^>]*>?/gi, ' '));
}

/**
 * An answer's text without the secrets of the request that it answers: what proves who calls, and what the body has
 * under the name of a secret. Platforms are quoted when they refuse, and some quote what they were sent.
 */
export function withoutSecrets({ headers, body }: HttpRequest, answer: string): string {
  const proofs = Object.entries(headers).filter(([name]) => PROOFS.test(name));
  const secrets = [...proofs.flatMap(([, value]) => proofsIn(value)), ...secretsIn(body)];
  let clean = answer;
  for (const secret of secrets) {
    if (secret.length < SHORTEST) continue;
    for (const form of [secret, JSON.stringify(secret).slice(1, -1)]) clean = clean.replaceAll(form, REDACTED);
  }
  return clean;
}

/** `Bearer X`, a name and a password in base64, cookies, or the value as it is. */
function proofsIn(value: string): string[] {
  const [, scheme, credentials] = /^(\w+) +(\S.*)$/.exec(value) ?? [];
  if (scheme === undefined || credentials === undefined) {
    return [...value.split(/; */).map((pair) => pair.slice(pair.indexOf('=') + 1)), value];
  }
  const [, password] = scheme === 'Basic' ? (/:(.*)/s.exec(atob(credentials)) ?? []) : [];
  return password === undefined ? [credentials] : [credentials, password];
}

function secretsIn(body: string | undefined): string[] {
  const secrets: string[] = [];
  try {
    JSON.parse(body ?? 'null', (name, value) => {
      if (typeof value === 'string' && looksSecret(name)) secrets.push(value);
    });
  } catch {
    // A body that is no JSON has no names.
  }
  return secrets;
}
