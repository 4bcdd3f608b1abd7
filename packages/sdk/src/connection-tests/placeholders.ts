import type { StandIn } from '../runtime/secrets.ts';

/** Makes another private key of the same kind, in PEM; undefined where it cannot. */
export type KeyLike = (pem: string) => string | undefined;

const PRIVATE_KEY = /-----BEGIN [A-Z ]*PRIVATE KEY-----/;

/**
 * Makes placeholders for secrets: the same for the same secret, and named after what the secret is known by. A private
 * key becomes another one of its kind, because nothing can be signed with a text.
 */
export function placeholders(keyLike: KeyLike = () => undefined): StandIn {
  const known = new Map<string, string>();
  const taken = new Set<string>();
  return (label, secret) => {
    const before = known.get(secret);
    if (before !== undefined) return before;
    let name = nameFor(label, secret, taken);
    const key = PRIVATE_KEY.test(secret) ? keyLike(secret) : undefined;
    taken.add(name);
    if (key !== undefined) name = `${name}, a key that opens nothing\n${key}`;
    known.set(secret, name);
    return name;
  };
}

/** A name that does not hold the secret itself, and that no other secret has. */
function nameFor(label: string, secret: string, taken: ReadonlySet<string>): string {
  const last = label.split('.').at(-1) ?? '';
  const words = last
    .replace(/^.* /, '')
    .replace(/[^\w-]+/g, '-')
    .replace(/^-+|-+$/g, '');
  const stem = words === '' || words.toLowerCase().includes(secret.toLowerCase()) ? 'secret' : words;
  for (let count = 1; ; count++) {
    const name = `placeholder-${stem}${count === 1 ? '' : `-${count}`}`;
    if (!taken.has(name)) return name;
  }
}
