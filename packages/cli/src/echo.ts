import { type HttpRequest, looksSecret } from '@connectorkit/sdk';

/** Shorter ones are words that stand everywhere. */
const SHORTEST = 4;
const PROOFS = /^(authorization|cookie|.*(csrf|token).*)$/i;

/**
 * An answer's text without the secrets of the request that it answers: what proves who calls, and what the body has
 * under the name of a secret. Platforms are quoted when they refuse, and some quote what they were sent.
 */
export function withoutEcho({ headers, body }: HttpRequest, answer: string): string {
  const proofs = Object.entries(headers).filter(([name]) => PROOFS.test(name));
  const secrets = [...proofs.flatMap(([, value]) => proofsIn(value)), ...secretsIn(body)];
  let clean = answer;
  for (const secret of secrets) {
    if (secret.length < SHORTEST) continue;
    for (const form of [secret, JSON.stringify(secret).slice(1, -1)]) clean = clean.replaceAll(form, '[redacted]');
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
