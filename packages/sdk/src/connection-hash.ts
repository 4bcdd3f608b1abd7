import { BUILD } from '#generated/build.js';
import type { Diagnostic } from './diagnostics.ts';
import { hashOf } from './hash.ts';
import type { Files } from './project/files.ts';
import type { Connection, Project } from './project/project.ts';

/**
 * Hashes everything that decides what is wrong with connections and which types they have: their texts, what the project
 * says about them, the project's severities, and this package. Connections with the same hash need not be looked at again.
 * @param ids of connections that were read, as far as they can be (default: all)
 * @returns id → `sha256-…`
 */
export function connectionHashes(project: Project, ids: readonly string[] = project.ids): ReadonlyMap<string, string> {
  const connections = new Map(project.connections.map((connection) => [connection.id, connection]));
  const problems = new Map(ids.map((id): [string | undefined, Diagnostic[]] => [id, []]));
  for (const problem of project.problems) problems.get(problem.connection)?.push(problem);
  return new Map(ids.map((id) => [id, hashIn(project, connections.get(id), problems.get(id) ?? [])]));
}

/** Of a connection that cannot be read there are problems alone. */
function hashIn({ rules, manifest }: Project, connection: Connection | undefined, problems: readonly Diagnostic[]) {
  if (connection === undefined) return hashOf(JSON.stringify([problems]));
  const { id, type, possibleTypes, label, unmanaged, sections, descriptor } = connection;
  const sources = Object.entries(sections);
  const lengths = sources.map(([name, { file, text }]) => [name, file, text.length]);
  // Places in it count; where it is the manifest, that is compared for itself.
  const own = descriptor.file === manifest.file ? null : descriptor.text;
  const facts = [BUILD, [...rules], id, possibleTypes ?? type, label, unmanaged, lengths, own, problems];
  return hashOf([JSON.stringify(facts), ...sources.map(([, { text }]) => text)]);
}

/**
 * Stamps files and this package: while the stamp is the same, so is everything that is read of the files, which are not
 * read for it.
 * @param paths as in `watched` of a project
 * @param before as `Files.stamp` has it, which is undefined where this is
 */
export function stampOf(files: Files, paths: readonly string[], before?: number): string | undefined {
  const stamp = files.stamp?.(paths, before);
  return stamp === undefined ? undefined : `${BUILD} ${stamp}`;
}
