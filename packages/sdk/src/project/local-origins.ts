import { isObject } from '../json.ts';
import type { Files } from './files.ts';
import { baseIn, withBase, withMoved, withOtherId } from './lock.ts';
import type { Base, Origin, RemoteNames } from './project.ts';

/** The origin that is the harness on this machine, whether or not a project declares it. */
const HARNESS = 'harness';

/** Checks if an origin is the harness that runs on this machine: it has neither an address nor a zone. */
export function isLocal(name: string, origin: Origin | undefined): boolean {
  return origin === undefined ? name === HARNESS : origin.url === undefined && origin.zone === undefined;
}

/** Origins as a project declares them, and how this machine's harness calls things on those that are local. */
export function withLocalNames(
  { local }: Files,
  declared: Readonly<Record<string, Origin>>,
): Readonly<Record<string, Origin>> {
  const origins: Record<string, Origin> = { ...declared };
  for (const [name, names] of Object.entries(local?.read('origins') ?? {})) {
    const origin = Object.hasOwn(declared, name) ? declared[name] : undefined;
    if (isLocal(name, origin) && isNames(names)) origins[name] = { ...origin, ...names };
  }
  return origins;
}

/** Hashes of the sections that were equal here and on this machine's harness last. */
export function localBase({ local }: Files, origin: string): Base {
  return baseIn(local?.read('lock'), origin);
}

/**
 * Writes down how this machine's harness calls things, and what was equal on it: no business of anybody else who works
 * on the project. Without names, what was written of them is forgotten.
 */
export function recordLocal({ local }: Files, origin: string, names: RemoteNames | undefined, base: Base): void {
  local?.update('origins', ({ [origin]: _, ...others }) =>
    names === undefined ? others : { ...others, [origin]: names },
  );
  local?.update('lock', (before) => ({ ...withBase(before, origin, base) }));
}

/** The same for a connection that has another id, or is gone. */
export function moveLocal({ local }: Files, id: string, to: string | undefined): void {
  local?.update('origins', (origins) =>
    Object.fromEntries(
      Object.entries(origins).map(([origin, names]) => [
        origin,
        isNames(names) ? { ...names, connections: withOtherId(names.connections, id, to) } : names,
      ]),
    ),
  );
  local?.update('lock', (before) => ({ ...withMoved(before, id, to) }));
}

/** Nothing else is taken from the record, such as an address. */
function isNames(value: unknown): value is RemoteNames {
  if (!isObject(value)) return false;
  const { app, version, connections, ...others } = value;
  const known = typeof app === 'string' && typeof version === 'number' && isObject(connections);
  return (
    known && Object.keys(others).length === 0 && Object.values(connections).every((name) => typeof name === 'string')
  );
}
