import { isObject } from '../json.ts';
import { withValues } from '../json-edits/index.ts';
import { readSource } from '../source.ts';
import { type Files, updateFile } from './files.ts';
import type { Origin, RemoteNames } from './project.ts';

/** How this machine's own harness calls things: no business of anybody else who works on the project. */
const NAMES = '.connector/origins.json';
/** The origin that is the harness on this machine, whether or not a project declares it. */
const HARNESS = 'harness';

/** Checks if an origin is the harness that runs on this machine: it has neither an address nor a zone. */
export function isLocal(name: string, origin: Origin | undefined): boolean {
  return origin === undefined ? name === HARNESS : origin.url === undefined && origin.zone === undefined;
}

/** Origins as a project declares them, and how this machine's harness calls things on those that are local. */
export function withLocalNames(files: Files, declared: Readonly<Record<string, Origin>>): Record<string, Origin> {
  const { value } = readSource(NAMES, files.read(NAMES) ?? '{}', { comments: false });
  const origins: Record<string, Origin> = { ...declared };
  for (const [name, names] of Object.entries(isObject(value) ? value : {})) {
    const origin = Object.hasOwn(declared, name) ? declared[name] : undefined;
    if (isLocal(name, origin) && isNames(names)) origins[name] = { ...origin, ...names };
  }
  return origins;
}

/** Writes down how this machine's harness calls things; without names, what was written of them is forgotten. */
export function recordLocalNames(files: Files, origin: string, names: RemoteNames | undefined): void {
  updateFile(files, NAMES, (before = '{}\n') => withValues(before, [[[origin], names]]));
}

/** Nothing else is taken from the file, such as an address. */
function isNames(value: unknown): value is RemoteNames {
  if (!isObject(value)) return false;
  const { app, version, connections, ...others } = value;
  const known = typeof app === 'string' && typeof version === 'number' && isObject(connections);
  return (
    known && Object.keys(others).length === 0 && Object.values(connections).every((name) => typeof name === 'string')
  );
}
