import type { Key, Store } from '../store/store.ts';
import { digestOf } from '../token-digest.ts';
import type { InstancePlace } from './records.ts';

/** Where a browser belongs that comes back from a provider. */
export interface Arrival {
  /** Absent for the harness itself. */
  readonly space?: string | undefined;
  readonly place: InstancePlace;
  /** Milliseconds since 1970. */
  readonly until: number;
}

const ARRIVALS: Key = ['arrivals'];
const at = (proof: string): Key => [...ARRIVALS, digestOf(proof)];

/** Parameters by which a browser is known again: `state` in OAuth 2, the token in OAuth 1, also where it is denied. */
const [SENT, BROUGHT] = [
  ['state', 'oauth_token'],
  ['state', 'oauth_token', 'denied'],
] as const;

/**
 * Which browsers are waited for, by the digest of what each has to bring. A browser brings no token, and comes to
 * whichever process there is, so that all spaces and all processes look here.
 */
export class Arrivals {
  readonly #store: Store;

  /** @param store is kept whatever is reset or put back */
  constructor(store: Store) {
    this.#store = store;
  }

  /** @param url where the browser was sent to */
  async expect(url: string, arrival: Arrival): Promise<void> {
    const { searchParams } = new URL(url);
    await this.#store.write(async (tx) => {
      for (const { key, value } of await tx.list<Arrival>(ARRIVALS)) {
        if (value.until < Date.now()) await tx.forget(key);
      }
      for (const proof of valuesOf(searchParams, SENT)) await tx.set(at(proof), arrival);
    });
  }

  /** The arrival that a query may belong to. Whether it does, is not said yet. */
  async find(query: URLSearchParams): Promise<Arrival | undefined> {
    const proofs = valuesOf(query, BROUGHT);
    if (proofs.length === 0) return undefined;
    return this.#store.read(async (tx) => {
      for (const proof of proofs) {
        const arrival = await tx.get<Arrival>(at(proof));
        if (arrival !== undefined && arrival.until >= Date.now()) return arrival;
      }
      return undefined;
    });
  }
}

function valuesOf(query: URLSearchParams, names: readonly string[]): readonly string[] {
  return names.flatMap((name) => query.get(name) ?? []).filter((value) => value !== '' && value.length <= LONGEST);
}

/** Characters of a proof, at most. */
const LONGEST = 2000;
