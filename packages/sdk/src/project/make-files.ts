import { isObject, type JSONObject } from '../json.ts';
import { CODE_FILES, kebab } from './code-files.ts';
import { words } from './native-connection.ts';
import type { Project } from './project.ts';

/**
 * Files that may be beside those that the manifest names, which has no place for them; the descriptor keeps the
 * create type.
 */
export const BESIDE = { commonSchema: 'common.schema.json', descriptor: 'connection.json', tests: 'tests' } as const;

/** The entry of a connection in the manifest. */
interface Component {
  readonly id: string;
  readonly component: JSONObject;
}

/** The files of connections: those that their entries name, and those beside them. */
export function ownedFiles(components: readonly Component[]): Pick<Project, 'watched' | 'ownerOf' | 'isSecret'> {
  const owners = new Map<string, Set<string>>();
  const own = (path: string, id: string) => owners.set(path, (owners.get(path) ?? new Set()).add(id));
  const folders = new Set<string>();
  const secret = new Set<string>();
  for (const { id, component } of components) {
    const paths = isObject(component.codeFiles) ? component.codeFiles : {};
    const folder = folderOf(id, paths);
    const values = valuesFile(folder, paths);
    secret.add(values);
    const named = Object.values(paths).flatMap((path) => insidePath(path) ?? []);
    const beside = Object.values(BESIDE).map((name) => `${folder}/${name}`);
    folders.add(`${folder}/${BESIDE.tests}`);
    for (const path of [...named, values, ...beside]) own(path, id);
  }
  const watched = [...owners.keys()].map((path) => (folders.has(path) ? `${path}/` : path));
  for (const [path, ids] of [...owners]) {
    for (let folder = parentOf(path); folder !== ''; folder = parentOf(folder)) {
      for (const id of ids) own(folder, id);
    }
  }
  return {
    watched,
    isSecret: (path) => secret.has(path),
    ownerOf: (path) => {
      const plain = path.replace(/\/$/, '');
      let at = plain;
      while (at !== '' && !owners.has(at)) at = parentOf(at);
      return at === plain || folders.has(at) ? [...(owners.get(at) ?? [])] : [];
    },
  };
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

export function isInside(path: string): boolean {
  return !path.startsWith('/') && !/^[A-Za-z]:/.test(path) && !path.includes('\\') && !path.split('/').includes('..');
}

/** A path in the form in which files are listed; undefined for what is none, or leads out of the project's folder. */
export function insidePath(path: unknown): string | undefined {
  const named = words(path);
  if (named === undefined || !isInside(named)) return undefined;
  const parts = named.split('/').filter((part) => part !== '' && part !== '.');
  return parts.length === 0 ? undefined : parts.join('/');
}

/** The folder that the files of a connection lie in; that of the first when they lie in several. */
export function folderOf(id: string, paths: JSONObject): string {
  const first = CODE_FILES.map(({ code }) => insidePath(paths[code])).find((path) => path?.includes('/'));
  return first === undefined ? `connections/${kebab(id)}` : parentOf(first);
}

/** Where the values of a connection's `common` are. */
export function valuesFile(folder: string, { common }: JSONObject): string {
  return insidePath(common) ?? `${folder}/common.local.json`;
}
