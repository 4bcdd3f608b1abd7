import { openFile, openMemory } from './sqlite.ts';
import { refusal, type Store, type StoreOptions } from './store.ts';

export type { Entry, Key, Page, ReadTransaction, Store, StoreOptions, WriteTransaction } from './store.ts';

type Opener = (location: string, options: StoreOptions) => Promise<Store>;

/** The first whose pattern fits the location opens it. */
const OPENERS: readonly { fits: RegExp; open: Opener }[] = [
  { fits: /^memory$/, open: openMemory },
  { fits: /^[a-z][a-z\d+.-]+:\/\//i, open: refuseAddress },
  { fits: /^/, open: openFile },
];

/**
 * Opens the store at `memory` or at a file's path, and makes it when it is absent. Throws a ConnectorError
 * `harness/store` when there is no using it: the file is none of ours, is newer, has another key or cannot be written.
 */
export async function openStore(location: string, options: StoreOptions = {}): Promise<Store> {
  const opener = OPENERS.find(({ fits }) => fits.test(location));
  return (opener?.open ?? openFile)(location, options);
}

async function refuseAddress(location: string): Promise<never> {
  // Only the scheme is reported: the rest may hold a password.
  const scheme = location.slice(0, location.indexOf('://'));
  throw refusal(`a store at a ${scheme}:// address is not supported yet`, {
    hint: 'Use --store memory, or a file with --store PATH.',
  });
}
