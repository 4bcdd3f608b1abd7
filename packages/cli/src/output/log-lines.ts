import type { Diagnostic } from '@connectorkit/sdk';
import type { Event } from '../command.ts';
import { type Format, problemsOf } from './format.ts';
import { printable } from './text.ts';

/** Levels, as most collectors of logs know them. */
const LEVELS: Readonly<Record<Event['kind'] | Diagnostic['severity'], 'info' | 'warn' | 'error'>> = {
  ...{ step: 'info', done: 'info', note: 'info', problem: 'error' },
  ...{ info: 'info', warning: 'warn', error: 'error' },
};

/** For servers: on stderr nothing but JSON objects, one a line; results go to stdout as they would without. */
export function logLines(results: Format): Format {
  return {
    outcome: (outcome, look) => {
      const problems = problemsOf(outcome).map(({ severity, code, message, hint }) =>
        line(look.now, LEVELS[severity], message, { code, ...(hint && { hint }) }),
      );
      const { summary } = outcome.result;
      const ended = summary === undefined ? '' : line(look.now, 'info', summary);
      return { stdout: results.outcome(outcome, look).stdout, stderr: problems.join('') + ended };
    },
    event: ({ kind, message, milliseconds, facts }, look) => {
      const duration = milliseconds === undefined ? {} : { duration_ms: Math.round(milliseconds * 1000) / 1000 };
      return line(look.now, LEVELS[kind], message, { ...facts, ...duration });
    },
  };
}

function line(now: Date, level: string, msg: string, facts: object = {}): string {
  return `${printable(JSON.stringify({ time: now.toISOString(), level, msg, ...facts }))}\n`;
}
