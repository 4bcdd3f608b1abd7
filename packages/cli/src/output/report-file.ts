import { existsSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { filesIn } from '@connectorkit/sdk/node';
import { DECLARATIONS, LOCK, PROJECT_FILES } from '@connectorkit/sdk/project';
import { openOrNothing, type Subject } from './subject.ts';

/**
 * Writes a report to a file, whole or not at all; a pipe or a device is written to, and never replaced by a file.
 * @param file absolute
 * @throws ConnectorError or Node's error when it cannot be written
 */
export function writeReport(file: string, text: string): void {
  if (existsSync(file) && !statSync(file).isFile()) writeFileSync(file, text);
  else filesIn(dirname(file)).write(basename(file), text);
}

/**
 * Tells if a file is one that the project is made of, or that is made of it: no report may take its place.
 * @param file relative to the project, with forward slashes
 */
export function isPartOfProject(project: Subject | undefined, file: string): boolean {
  if (project === undefined) return false;
  const known = [...PROJECT_FILES, LOCK, DECLARATIONS].includes(file);
  return known || (openOrNothing(project)?.ownerOf(file).length ?? 0) > 0;
}
