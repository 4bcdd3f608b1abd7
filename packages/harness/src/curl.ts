import type { JournalEntry } from './journal.ts';
import { REDACTED } from './redaction.ts';

/** Headers that curl writes by itself, and those by which browsers say where a request comes from. */
const LEFT_OUT =
  /^(host|connection|content-length|transfer-encoding|accept-encoding|content-encoding|user-agent|origin|referer|sec-.*)$/;

/**
 * The request of an entry as a command for a POSIX shell. Secrets stay redacted; on a platform, the token of the
 * environment variable CONNECTOR_TOKEN stands in for what proved who called.
 * @param url of the harness, without a slash at the end
 * @param toPlatform true if a token of the harness is taken there
 */
export function curlOf(entry: JournalEntry, url: string, toPlatform: boolean): string {
  const { method, request } = entry;
  const shown = Object.entries(request.headers).filter(([name]) => !LEFT_OUT.test(name));
  const kept = shown.filter(([, value]) => !toPlatform || value !== REDACTED);
  const options = [
    ...(method === 'HEAD' ? ['--head'] : method === 'GET' ? [] : [`--request ${quoted(method)}`]),
    ...(/[[\]{}]/.test(entry.url) ? ['--globoff'] : []),
    ...(kept.length < shown.length ? ['--header "Authorization: Bearer $CONNECTOR_TOKEN"'] : []),
    // A header without a value would be taken for one to leave out.
    ...kept.map(([name, value]) => `--header ${quoted(value === '' ? `${name};` : `${name}: ${value}`)}`),
    ...(request.body === undefined ? [] : [`--data-raw ${quoted(request.body)}`]),
  ];
  const command = [`curl ${quoted(`${url}${entry.url}`)}`, ...options].join(' \\\n  ');
  if (request.bytes === 0 || request.body !== undefined) return command;
  return `# Its body of ${request.bytes} bytes is not in the journal.\n${command}`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
