import { isObject, type JSONObject, lookUp } from '../json.ts';
import { looksSecret } from '../secrecy.ts';
import { KEY_PLACES, type KeyPlace } from './credentials.ts';
import { resolved } from './description.ts';
import { METHODS } from './ways.ts';

/** A parameter that is called like a credential, and how many operations have it. */
export interface CredentialParameter {
  readonly place: KeyPlace;
  readonly name: string;
  readonly count: number;
}

/** The share of operations that have to have a parameter before it is taken for a credential of the API. */
const SHARE = 0.05;

/** Names of credentials that are no secrets by their name alone. */
const CREDENTIAL =
  /^(authorization|api[-_]?key|key|token|access[-_]?token|auth([-_]?token)?|app[-_]?(id|key)|subscription[-_]?key|x-auth.*|session(id)?)$/i;

/** The parameters of a description that are called like credentials, the likeliest first. */
export function credentialParameters(root: JSONObject): readonly CredentialParameter[] {
  const found = new Map<string, CredentialParameter>();
  let operations = 0;
  for (const value of Object.values(isObject(root.paths) ? root.paths : {})) {
    const item = resolved(root, value);
    if (item === undefined) continue;
    for (const method of METHODS) {
      const operation = lookUp(item, method);
      if (!isObject(operation)) continue;
      operations++;
      const own = [item.parameters, operation.parameters].flatMap((list) => (Array.isArray(list) ? list : []));
      for (const { place, name } of uniqueIn(root, own)) {
        const key = `${place}:${name}`;
        found.set(key, { place, name, count: (found.get(key)?.count ?? 0) + 1 });
      }
    }
  }
  return [...found.values()]
    .filter(({ count }) => count >= SHARE * operations)
    .sort((one, other) => Number(isUsual(other)) - Number(isUsual(one)) || other.count - one.count);
}

/** Checks if a name is what most vendors call the key of an API. */
function isUsual({ name }: CredentialParameter): boolean {
  return /^(authorization|(x[-_])?api[-_]?key)$/i.test(name);
}

function uniqueIn(root: JSONObject, parameters: readonly unknown[]): readonly Omit<CredentialParameter, 'count'>[] {
  const found = new Map<string, Omit<CredentialParameter, 'count'>>();
  for (const each of parameters) {
    const { in: place, name } = resolved(root, each) ?? {};
    const known = KEY_PLACES.find((one) => one === place);
    if (known === undefined || typeof name !== 'string' || !(looksSecret(name) || CREDENTIAL.test(name))) continue;
    found.set(`${known}:${name}`, { place: known, name });
  }
  return [...found.values()];
}
