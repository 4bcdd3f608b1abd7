import { openFile, openMemory } from './sqlite.ts';
import { refusal, type Store, type StoreOptions } from './store.ts';

export type { Entry, Key, Page, ReadTransaction, Store, StoreOptions, WriteTransaction } from './store.ts';
export { isStoreFault } from './store.ts';

type Opener = (location: string, options: StoreOptions) => Promise<Store>;

/** The first whose pattern fits the location opens it. */
const OPENERS: readonly { fits: RegExp; open: Opener }[] = [
  { fits: /^memory$/, open: openMemory },
  { fits: /^postgres(ql)?:\/\//i, open: openServer },
  { fits: /^\s*postgres(ql)?(:|\/\/)/i, open: refuseMisspelt },
  { fits: /^\s*[a-z][a-z\d+.-]+:\/\//i, open: refuseAddress },
  { fits: /^/, open: openFile },
];

/**
 * Opens the store at `memory`, at a file's path or at a `postgres://` address, and makes it when it is absent. Throws a ConnectorError
 * `harness/store` when there is no using it: the file is none of ours, is newer, has another key or cannot be written.
 */
export async function openStore(location: string, options: StoreOptions = {}): Promise<Store> {
  const opener = OPENERS.find(({ fits }) => fits.test(location));
  return (opener?.open ?? openFile)(location, options);
}

/** True if a location is the path of a file. */
export function isFile(location: string): boolean {
  return OPENERS.find(({ fits }) => fits.test(location))?.open === openFile;
}

/** Loaded when it is asked for, with its driver. */
async function openServer(location: string, options: StoreOptions): Promise<Store> {
  const { openPostgres } = await import('./postgres.ts');
  return openPostgres(location, options);
}

async function refuseAddress(location: string): Promise<never> {
  // Only the scheme is reported: the rest may hold a password.
  const scheme = location.slice(0, location.indexOf('://')).trim();
  throw refusal(`a store at a ${scheme}:// address is not supported`, {
    hint: 'Use --store memory, a file with --store PATH, or a PostgreSQL server with postgres://.',
  });
}

async function refuseMisspelt(): Promise<never> {
  throw refusal('the address of a PostgreSQL server starts with postgres://', {
    hint: 'Write postgres://USER@HOST:PORT/DATABASE. A file whose name begins like that needs ./ before it.',
  });
}
