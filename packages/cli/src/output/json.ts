import { type Format, problemsOf } from './format.ts';
import { pretty } from './pretty.ts';
import { printable } from './text.ts';

/** The shape of the envelope. Fields are only ever added to it. */
const VERSION = 1;

/** One envelope on stdout, and nothing else there; while the run goes on, each on a line of its own. */
export const json: Format = {
  outcome(outcome) {
    const { code, result, ongoing } = outcome;
    const envelope = {
      version: VERSION,
      ok: code === 0,
      code,
      data: result.data ?? null,
      diagnostics: problemsOf(outcome),
      next: result.next ?? [],
    };
    return { stdout: `${printable(JSON.stringify(envelope, undefined, ongoing ? 0 : 2))}\n`, stderr: '' };
  },
  event: (event, look) => pretty.event(event, look),
};
