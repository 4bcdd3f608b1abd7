import type { WriteTransaction } from './store/store.ts';

/** Ids that are numbers, counted for each kind of a vendor's things. */
export interface Ids {
  /** The next id that nothing of the kind ever had; those that were taken are passed over. */
  freshId(kind: string, tx: WriteTransaction): Promise<number>;
  /** Keeps an id that was seeded from being given to anything else. */
  take(kind: string, id: number, tx: WriteTransaction): Promise<void>;
}

/** Kept below the vendor's name, under `ids` and `taken`. */
export function idsOf(vendor: string): Ids {
  const taken = (kind: string, id: number) => [vendor, 'taken', kind, id];
  return {
    freshId: async (kind, tx) => {
      for (;;) {
        const id = await tx.next([vendor, 'ids', kind]);
        if ((await tx.get(taken(kind, id))) === undefined) return id;
      }
    },
    take: (kind, id, tx) => tx.set(taken(kind, id), true),
  };
}

/** A number from its decimal digits; undefined when it is none, or not written as we write it. */
export function idIn(written: string | number): number | undefined {
  const id = Number(written);
  return Number.isSafeInteger(id) && id >= 0 && String(id) === String(written) ? id : undefined;
}
