import { createHash } from 'node:crypto';
import { BUILD } from '#generated/build.js';
import type { Connection, Project } from './project/project.ts';

/**
 * Hashes everything that decides what is wrong with a connection and which types it has: its texts, what the project
 * says about it, the project's severities, and this package.
 * @returns `sha256-…`
 */
export function connectionHash({ rules }: Project, connection: Connection): string {
  const { id, type, possibleTypes, label, unmanaged, sections } = connection;
  const sources = Object.entries(sections);
  const lengths = sources.map(([name, { file, text }]) => [name, file, text.length]);
  const facts = [BUILD, [...rules], id, possibleTypes ?? type, label, unmanaged, lengths];
  return hashOf(
    facts,
    sources.map(([, { text }]) => text),
  );
}

/** Hashes a JSON value, and texts whose lengths it holds. */
export function hashOf(value: unknown, texts: readonly string[] = []): string {
  const hash = createHash('sha256').update(JSON.stringify(value));
  for (const text of texts) hash.update(text);
  return `sha256-${hash.digest('base64')}`;
}
