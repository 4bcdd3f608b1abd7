import { type Adapter, type AdapterPayload, errors } from 'oidc-provider';
import { timeIn } from '../clock.ts';
import type { ReadTransaction, Store, WriteTransaction } from '../store/store.ts';
import { digestOf } from '../token-digest.ts';
import { PROVIDER } from './endpoints.ts';

/** Surroundings that all parts of the provider share. */
export interface ProviderContext {
  readonly store: Store;
  /** Real time, which the harness's own clock is ahead of or behind. */
  readonly now: () => Date;
  /** Told of codes and tokens, which the journal must not show. */
  readonly learn: (secret: string) => void;
}

type Payload = Omit<AdapterPayload, 'jti'>;

const row = (kind: string, id: string) => [PROVIDER.name, 'model', kind, digestOf(id)];
const ofGrant = (grant: string, kind: string) => [PROVIDER.name, 'grant', digestOf(grant), kind];
const ofSession = (uid: string) => [PROVIDER.name, 'session', digestOf(uid)];

/** Models whose ids leave the harness in nothing that it answers, or prove nothing. */
const NO_PROOFS: ReadonlySet<string> = new Set(['Grant', 'ReplayDetection']);

/** Seconds for which what has ended is still kept, so that it differs from what never was. */
const KEPT = 86_400;
/** Rows that are written between two looks for what has long ended. */
const SWEEP = 500;

/**
 * An adapter in the sense of `oidc-provider`: one kind of its models in the harness's store, so that codes, tokens and
 * sign-ins survive a restart and are part of snapshots. Their ids, which are the codes and tokens themselves, are kept as
 * digests. Moments are kept in the harness's time and given in real time, which is the only one that the library knows:
 * when the harness's clock is moved on, tokens expire.
 */
export class StoredModel implements Adapter {
  readonly #kind: string;
  readonly #surroundings: ProviderContext;
  #written = 0;

  constructor(kind: string, surroundings: ProviderContext) {
    this.#kind = kind;
    this.#surroundings = surroundings;
  }

  async upsert(id: string, { jti: _, ...payload }: AdapterPayload): Promise<void> {
    if (!NO_PROOFS.has(this.#kind)) this.#surroundings.learn(id);
    await this.#write(async (tx, ahead) => {
      if (this.#written++ % SWEEP === 0) await this.#sweep(tx, ahead);
      await tx.set(row(this.#kind, id), moved(payload, ahead));
      if (payload.grantId !== undefined) await tx.set([...ofGrant(payload.grantId, this.#kind), digestOf(id)], true);
      if (payload.uid !== undefined) await tx.set(ofSession(payload.uid), digestOf(id));
    });
  }

  find(id: string): Promise<AdapterPayload | undefined> {
    return this.#surroundings.store.read(async (tx) => {
      const payload = await tx.get<Payload>(row(this.#kind, id));
      return payload && { ...moved(payload, -(await this.#ahead(tx))), jti: id };
    });
  }

  findByUid(uid: string): Promise<AdapterPayload | undefined> {
    return this.#surroundings.store.read(async (tx) => {
      const digest = await tx.get<string>(ofSession(uid));
      const payload =
        digest === undefined ? undefined : await tx.get<Payload>([...row(this.#kind, '').slice(0, -1), digest]);
      return payload && moved(payload, -(await this.#ahead(tx)));
    });
  }

  /** Of devices, which are not served. */
  async findByUserCode(): Promise<undefined> {}

  /** Once: of two requests that bring the same code at the same time, one is refused. */
  async consume(id: string): Promise<void> {
    await this.#write(async (tx, ahead) => {
      const payload = await tx.get<Payload>(row(this.#kind, id));
      if (payload === undefined || payload.consumed !== undefined) throw new errors.InvalidGrant('already used');
      await tx.set(row(this.#kind, id), { ...payload, consumed: seconds() + ahead });
    });
  }

  async destroy(id: string): Promise<void> {
    await this.#write((tx) => tx.delete(row(this.#kind, id)));
  }

  async revokeByGrantId(grant: string): Promise<void> {
    await this.#write(async (tx) => {
      const members = await tx.list(ofGrant(grant, this.#kind));
      for (const { key } of members) await tx.delete([PROVIDER.name, 'model', this.#kind, String(key.at(-1))]);
      await tx.deleteAll(ofGrant(grant, this.#kind));
    });
  }

  /** Removes what ended long ago. */
  async #sweep(tx: WriteTransaction, ahead: number): Promise<void> {
    for (const { key, value } of await tx.list<Payload>([PROVIDER.name, 'model', this.#kind])) {
      const { exp, grantId, uid } = value;
      if (typeof exp !== 'number' || exp + KEPT > seconds() + ahead) continue;
      await tx.delete(key);
      if (typeof grantId === 'string') await tx.delete([...ofGrant(grantId, this.#kind), String(key.at(-1))]);
      if (typeof uid === 'string') await tx.delete(ofSession(uid));
    }
  }

  #write<T>(fn: (tx: WriteTransaction, ahead: number) => Promise<T>): Promise<T> {
    return this.#surroundings.store.write(async (tx) => fn(tx, await this.#ahead(tx)));
  }

  /** Seconds that the harness's time is ahead of the real one. */
  async #ahead(tx: ReadTransaction): Promise<number> {
    return Math.floor((await timeIn(tx, this.#surroundings.now())).getTime() / 1000) - seconds();
  }
}

function seconds(): number {
  return Math.floor(Date.now() / 1000);
}

/** The members of a payload that are moments, in seconds since 1970. */
const MOMENTS = ['exp', 'iat', 'iiat', 'consumed', 'loginTs', 'authTime'] as const;

function moved(payload: Payload, by: number): Payload {
  const moments = MOMENTS.flatMap((name) => {
    const moment = payload[name];
    return typeof moment === 'number' ? [[name, moment + by]] : [];
  });
  return { ...payload, ...Object.fromEntries(moments) };
}
