import { ConnectorError } from '@connectorkit/sdk';
import type { Content } from './index.ts';

/** The last members of a sealed object, with the comma before them. */
const SEAL = /,?\n {2}"stateVersion": (\d{1,9}),\n {2}"seal": "([\w-]{43})"(?=\s*\}\s*$)/;

/** Subject of a seal: its path, and the version of its format. */
interface Sealing {
  /** Relative to the project: what was sealed for one place does not count in another. */
  readonly path: string;
  readonly version: number;
}

/** Why a file is left aside: this user did not write it here, or it is no JSON. */
export type LeftAside = 'foreign' | 'damaged';

/**
 * Gives the text of an object that ends with the version of its form and a seal, an HMAC-SHA256 of its path, the version
 * and its text.
 */
export function sealed({ path, version, content, key }: Sealing & { content: Content; key: string }): string {
  const text = `${JSON.stringify(content, undefined, 2)}\n`;
  const end = text.slice(0, text.lastIndexOf('}')).trimEnd();
  const comma = end.endsWith('{') ? '' : ',';
  const code = codeOf(key, path, version, text);
  return `${end}${comma}\n  "stateVersion": ${version},\n  "seal": "${code}"${text.slice(end.length)}`;
}

/**
 * Reads what was sealed.
 * @param key undefined when the user has none: then nothing was sealed by them
 * @throws ConnectorError usage `state/newer-version`
 */
export function openSealed({
  path,
  version,
  text,
  key,
}: Sealing & { text: string; key: string | undefined }): { readonly content: Content } | LeftAside {
  const found = SEAL.exec(text);
  if (found === null || key === undefined) return isJSON(text) ? 'foreign' : 'damaged';
  const [whole, written, code = ''] = found;
  const content = text.slice(0, found.index) + text.slice(found.index + whole.length);
  const expected = Buffer.from(codeOf(key, path, Number(written), content));
  if (!crypto().timingSafeEqual(Buffer.from(code), expected)) return isJSON(text) ? 'foreign' : 'damaged';
  if (Number(written) > version) throw newerVersion(path);
  return { content: JSON.parse(content) };
}

function isJSON(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function newerVersion(path: string): ConnectorError {
  return new ConnectorError('usage', {
    code: 'state/newer-version',
    message: `${path} was written by a newer version of the command.`,
    hint: 'Use that version, or move the file away.',
    file: path,
  });
}

function codeOf(key: string, path: string, version: number, text: string): string {
  return crypto()
    .createHmac('sha256', key)
    .update(JSON.stringify([path, version, text]))
    .digest('base64url');
}

/** Loading it takes as long as validating a connection, and most commands look at no state. */
function crypto() {
  return process.getBuiltinModule('node:crypto');
}
