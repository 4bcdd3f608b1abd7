import type { Format } from './format.ts';
import { pretty } from './pretty.ts';
import { printable } from './text.ts';

/** The shape of the envelope. Fields are only ever added to it. */
const VERSION = 1;

/** One envelope on stdout, and nothing else there. */
export const json: Format = {
  outcome({ code, result, thrown }) {
    const envelope = {
      version: VERSION,
      ok: code === 0,
      code,
      data: result.data ?? null,
      diagnostics: [...thrown, ...(result.diagnostics ?? [])],
      next: result.next ?? [],
    };
    return { stdout: `${printable(JSON.stringify(envelope, undefined, 2))}\n`, stderr: '' };
  },
  event: (event, look) => pretty.event(event, look),
};
