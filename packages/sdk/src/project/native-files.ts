import { MARKERS, type Owner } from './project.ts';

export const MANIFEST = MARKERS.native;
/** The folder of the connections: one folder for each, which has its id as its name. */
export const CONNECTIONS = 'connections';
/** The file in a connection's folder that says what it is. */
export const DESCRIPTOR = 'connection.json';
/** The file in a connection's folder that holds the values of its `common`. */
export const VALUES = 'common.local.json';

/** The folder of a connection's tests. */
export const TESTS = 'tests';

/** Where the values of a `common` are. */
const SECRET = /^connections\/[^/]+\/common\.local\.json$/;

/** Everything in the folder of a connection is its own. Which connections there are depends on the folder of all. */
export function ownerOf(path: string): Owner {
  const [top, id] = path.split('/');
  if (path === MANIFEST || (top === CONNECTIONS && (id ?? '') === '')) return 'project';
  return top === CONNECTIONS && id !== undefined ? [id] : [];
}

/** Checks if it is where values of a `common` are. */
export function isSecret(path: string): boolean {
  return SECRET.test(path);
}
