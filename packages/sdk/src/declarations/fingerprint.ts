import { createHash } from 'node:crypto';
import { BUILD } from '#generated/build.js';
import type { Files } from '../project/files.ts';

/** The file that declarations are written to. */
export const DECLARATIONS = 'connector.d.ts';

/** Where it is kept of which project the declarations were made; each machine's own. */
const RECORD = '.connector/types.json';

/** Files of a connection that its types do not depend on. */
const BESIDE = /^\.|\/$|^(common\.local\.json|README\.md)$/;

function hashOf(...texts: readonly string[]): string {
  const hash = createHash('sha256');
  for (const text of texts) hash.update(`${text.length}:`).update(text);
  return `sha256-${hash.digest('base64')}`;
}

/** A hash of all that declarations are made from: this package, `connector.json` and the sections. */
export function fingerprintOf(files: Files): string {
  const texts = [BUILD, files.read('connector.json') ?? ''];
  for (const folder of files.list('connections')) {
    texts.push(folder);
    if (!folder.endsWith('/')) continue;
    const path = `connections/${folder.slice(0, -1)}`;
    for (const name of files.list(path)) {
      if (!BESIDE.test(name)) texts.push(name, files.read(`${path}/${name}`) ?? '');
    }
  }
  return hashOf(...texts);
}

/** Whether the declarations that lie there were made from the project as it is, by this package. */
export function isCurrent(files: Files, fingerprint: string): boolean {
  const text = files.read(DECLARATIONS);
  return text !== undefined && files.read(RECORD) === recordOf(fingerprint, text);
}

/** Keeps that these declarations were made from a project without errors. */
export function recordCurrent(files: Files, fingerprint: string, text: string): void {
  const record = recordOf(fingerprint, text);
  if (files.read(RECORD) !== record) files.write(RECORD, record);
}

function recordOf(from: string, text: string): string {
  return `${JSON.stringify({ from, made: hashOf(text) })}\n`;
}
