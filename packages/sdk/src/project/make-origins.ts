import type { Diagnostic } from '../diagnostics.ts';
import { isObject, type JSONObject, valueAt } from '../json.ts';
import { type Settings, withValues } from '../json-edits/index.ts';
import { readSource, type Source } from '../source.ts';
import { API } from './code-files.ts';
import { type Files, updateFile } from './files.ts';
import { words } from './native-connection.ts';
import type { Pair } from './pairs.ts';
import { MARKERS, type Origin, type RemoteNames } from './project.ts';

const MANIFEST = MARKERS.make;

function originsIn({ value }: Source): readonly JSONObject[] {
  const origins = isObject(value) ? value.origins : [];
  return Array.isArray(origins) ? origins.map((origin) => (isObject(origin) ? origin : {})) : [];
}

/**
 * Returns the names of origins for people: the label, or else the id of the app; a second one of that name is
 * numbered.
 */
export function originNames(manifest: Source): readonly string[] {
  const taken = new Set<string>();
  return originsIn(manifest).map(({ label, appId }) => {
    const name = words(label) ?? words(appId) ?? 'origin';
    let own = name;
    for (let number = 2; taken.has(own); number++) own = `${name} ${number}`;
    taken.add(own);
    return own;
  });
}

/** The origins that the manifest lists, by what people call them. */
export function readOrigins(manifest: Source): Record<string, Origin> {
  const names = originNames(manifest);
  const listed = originsIn(manifest).map((origin, index): [string, Origin] => {
    const { baseUrl, appId, appVersion, apikeyFile } = origin;
    const [url, app, tokenFile] = [words(baseUrl), words(appId), words(apikeyFile)];
    return [
      names[index] ?? '',
      {
        ...(url === undefined ? {} : { url: addressOf(url) }),
        ...(app === undefined || isPlaceholder('appId', app) ? {} : { app }),
        ...(typeof appVersion === 'number' ? { version: appVersion } : {}),
        ...(tokenFile === undefined ? {} : { tokenFile }),
        ...pairing(origin),
        ...unfilled(manifest, index, origin),
      },
    ];
  });
  return Object.fromEntries(listed);
}

/** Where the API is: below the base URL, or right there when that is what somebody wrote. */
function addressOf(baseUrl: string): string {
  const url = baseUrl.replace(/\/+$/, '');
  if (url.endsWith(API)) return url;
  return /^https?:\/\/[^/]+$/.test(url) ? `${url}/api${API}` : `${url}${API}`;
}

/** Text that Make's extension writes in place of values into an origin that it adds. */
const PLACEHOLDER = /-FILL-ME-/;
/** Placeholders for the id of an app: words of no id, such as "[YOUR APP ID]" and "your-app-id", as well. */
const PLACEHOLDER_OF_APP = /-FILL-ME-|[\s<>[\](){}$]|^your[-_]?app(?:[-_]?(?:id|name))?$/i;
const PLACEHOLDERS = { baseUrl: PLACEHOLDER, appId: PLACEHOLDER_OF_APP } as const;

function isPlaceholder(key: keyof typeof PLACEHOLDERS, value: unknown): boolean {
  return typeof value === 'string' && PLACEHOLDERS[key].test(value);
}

/** That an origin still has placeholders in place of its address or its app. */
function unfilled(manifest: Source, index: number, origin: JSONObject): Pick<Origin, 'unusable'> {
  const key = (['baseUrl', 'appId'] as const).find((each) => isPlaceholder(each, origin[each]));
  if (key === undefined) return {};
  const path = ['origins', index, key];
  const unusable: Diagnostic = {
    code: 'project/placeholder',
    severity: 'warning',
    message: `${key} of this origin is still the placeholder ${JSON.stringify(origin[key])}.`,
    hint: 'Write the value, or remove the origin. Nothing can be pushed to it until then.',
    found: String(origin[key]),
    file: MANIFEST,
    path,
    ...manifest.locate(path),
  };
  return { unusable };
}

/** The pairs of both sides' names of connections, each with its place. */
export function pairsIn(manifest: Source): Pair[] {
  const names = originNames(manifest);
  return originsIn(manifest).flatMap((origin, index) => {
    const pairs = valueAt(origin, ['idMapping', 'connection']);
    return (Array.isArray(pairs) ? pairs : []).flatMap((pair: unknown, at): Pair[] => {
      if (!isObject(pair)) return [];
      const [local, remote] = [words(pair.local), words(pair.remote)];
      return [{ origin: names[index] ?? '', local, remote, path: ['origins', index, 'idMapping', 'connection', at] }];
    });
  });
}

/** Pairs of both sides' names; one without a side says that the other is ignored. */
function pairing(origin: JSONObject): Pick<Origin, 'connections' | 'ignored'> {
  const pairs = valueAt(origin, ['idMapping', 'connection']);
  const connections: Record<string, string> = {};
  const ignored = { local: [] as string[], remote: [] as string[] };
  for (const pair of Array.isArray(pairs) ? pairs.filter(isObject) : []) {
    const [local, remote] = [words(pair.local), words(pair.remote)];
    if (local !== undefined && remote !== undefined) connections[local] = remote;
    else if (local !== undefined) ignored.local.push(local);
    else if (remote !== undefined) ignored.remote.push(remote);
  }
  const some = ignored.local.length + ignored.remote.length > 0;
  return { connections, ...(some ? { ignored } : {}) };
}

/** The pairs that name a connection, under its new id or not at all; the last first, so that indexes stay right. */
export function movedPairs(manifest: Source, id: string, to: string | undefined): Settings {
  return originsIn(manifest).flatMap((origin, index) => {
    const pairs = valueAt(origin, ['idMapping', 'connection']);
    const at = ['origins', index, 'idMapping', 'connection'];
    const found = (Array.isArray(pairs) ? pairs : []).flatMap((pair: unknown, place) =>
      isObject(pair) && pair.local === id ? [place] : [],
    );
    return found
      .toReversed()
      .map((place) =>
        to === undefined ? ([[...at, place], undefined] as const) : ([[...at, place, 'local'], to] as const),
      );
  });
}

/** Writes names into the origin of that name in the manifest. */
export function recordListed(files: Files, name: string, names: RemoteNames | undefined): void {
  // The id of an app that is gone stays: the project is named after it.
  if (names === undefined) return;
  const { app, version, connections } = names;
  updateFile(files, MANIFEST, (before = '{}') => {
    const manifest = readSource(MANIFEST, before, { comments: false });
    const index = originNames(manifest).indexOf(name);
    const origin = originsIn(manifest)[index];
    if (origin === undefined) return before;
    const at = ['origins', index];
    return withValues(before, [
      [[...at, 'appId'], app],
      [[...at, 'appVersion'], version],
      ...mappings(origin, connections).map(([path, value]) => [[...at, 'idMapping', ...path], value] as const),
    ]);
  });
}

/**
 * Returns the changes of an origin's map; pairs of other components, and those that say that something is ignored,
 * stay.
 */
function mappings(origin: JSONObject, connections: RemoteNames['connections']): [(string | number)[], unknown][] {
  const known = valueAt(origin, ['idMapping', 'connection']);
  const pairs: readonly unknown[] = Array.isArray(known) ? known : [];
  const others = ['connection', 'module', 'function', 'rpc', 'webhook'];
  const settings: [(string | number)[], unknown][] = isObject(origin.idMapping)
    ? []
    : others.map((type) => [[type], []]);
  let next = pairs.length;
  for (const [local, remote] of Object.entries(connections)) {
    const index = pairs.findIndex((pair) => isObject(pair) && pair.local === local);
    if (index >= 0) settings.push([['connection', index, 'remote'], remote]);
    else settings.push([['connection', next++], { local, remote }]);
  }
  return settings;
}
