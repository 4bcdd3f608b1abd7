import {
  ConnectorError,
  type Diagnostic,
  type LocatedValue,
  nearest,
  type Path,
  schemaDiagnostics,
} from '@connectorkit/sdk/emulator';
import { type Emulator, Refusal } from './emulator.ts';
import type { Key, ReadTransaction, Store } from './store/store.ts';

/** Names in a seed that have to be those of things that it has itself, or that were there before. */
export interface SeedReference {
  /** Where the names stand; `*` is each item of a list, or each value of an object. */
  readonly path: readonly string[];
  /** Name of what they refer to, such as `API version`. */
  readonly what: string;
  /**
   * Where such a thing is kept; the first of several that there is will do.
   * @param holders what the name stands in, from the seed itself to the innermost
   */
  keys(name: never, holders: readonly never[]): readonly Key[];
  /** Where the seed has its own, for a suggestion. */
  readonly among: readonly (readonly string[])[];
}

/** Part of a harness that can be seeded. */
export type Seeded = Pick<Emulator, 'seed' | 'seedSchema' | 'seedReferences'> & {
  readonly platform: Pick<Emulator['platform'], 'title'>;
};

/**
 * Puts a seed in place, all of it or nothing.
 * @throws ConnectorError findings: `schema/…` when it does not fit the platform's schema, `harness/seed` when it names
 * what is not there, or when the platform refuses something.
 */
export async function placeSeed(emulator: Seeded, source: LocatedValue, store: Store): Promise<void> {
  const faults = schemaDiagnostics(emulator.seedSchema, source);
  if (faults.length > 0) throw new ConnectorError('findings', faults);
  await store.write(async (tx) => {
    let failure: unknown;
    await emulator.seed(tx, source.value as never).catch((error: unknown) => {
      failure = error;
    });
    // What is not there may be why it failed.
    const unknown = await unknownReferences(emulator, source, tx);
    if (unknown.length > 0) throw new ConnectorError('findings', unknown, { cause: failure });
    if (failure instanceof Refusal) throw refusedSeed(emulator, failure, source);
    if (failure !== undefined) throw failure;
  });
}

function refusedSeed({ platform }: Seeded, refusal: Refusal, { file }: LocatedValue): ConnectorError {
  return new ConnectorError(
    'findings',
    {
      code: 'harness/seed',
      message: `${platform.title} refuses the seed: ${refusal.message}`,
      ...(file === undefined ? {} : { file }),
    },
    { cause: refusal },
  );
}

async function unknownReferences(emulator: Seeded, source: LocatedValue, tx: ReadTransaction): Promise<Diagnostic[]> {
  const found: Diagnostic[] = [];
  for (const { path, what, keys, among } of emulator.seedReferences) {
    for (const { name, holders, path: at } of namesAt(source.value, path)) {
      const kept = await Promise.all(keys(name as never, holders as never[]).map((key) => tx.get(key)));
      if (kept.some((each) => each !== undefined)) continue;
      const own = among.flatMap((each) => namesAt(source.value, each).map((other) => String(other.name)));
      found.push(unknownReference(what, name, nearest(String(name), own), at, source));
    }
  }
  return found;
}

interface NameAt {
  readonly name: string | number;
  readonly holders: readonly unknown[];
  readonly path: Path;
}

/** The names at a path with `*`; null names nothing. */
function namesAt(
  value: unknown,
  [step, ...rest]: readonly string[],
  path: Path = [],
  holders: readonly unknown[] = [],
): NameAt[] {
  if (step === undefined) {
    return typeof value === 'string' || typeof value === 'number' ? [{ name: value, holders, path }] : [];
  }
  if (typeof value !== 'object' || value === null) return [];
  const entries: [string, unknown][] = Object.entries(value);
  return entries
    .filter(([key]) => step === '*' || key === step)
    .flatMap(([key, inner]) =>
      namesAt(inner, rest, [...path, Array.isArray(value) ? Number(key) : key], [...holders, value]),
    );
}

function unknownReference(
  what: string,
  name: string | number,
  meant: string | undefined,
  path: Path,
  source: LocatedValue,
): Diagnostic {
  return {
    code: 'harness/seed',
    severity: 'error',
    message: `There is no ${what} ${JSON.stringify(name)}.`,
    hint: meant === undefined ? 'Add it to the seed, or seed it before.' : `Did you mean ${JSON.stringify(meant)}?`,
    found: String(name),
    ...(source.file === undefined ? {} : { file: source.file }),
    ...source.locate(path),
    path,
  };
}
