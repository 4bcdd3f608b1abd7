import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import type { Diagnostic } from '../diagnostics.ts';
import { curlOf } from './curl.ts';
import type { Trace, TraceStep } from './trace.ts';
import { traceLines } from './trace-lines.ts';

const place = (line: number, ...path: string[]) => ({ file: 'connections/main/api.jsonc', line, column: 3, path });

function step(name: string, fields: Partial<TraceStep> = {}): TraceStep {
  const bare = { outcome: 'done', decision: 'It has no condition.', milliseconds: 12 } as const;
  return { name, place: place(1, name), ...bare, expressions: [], exchanges: [], stored: {}, notes: [], ...fields };
}

const request = { method: 'GET', url: 'https://api.example.com/me?key=[redacted]', headers: { accept: '*/*' } };
const problem: Diagnostic = {
  ...{ code: 'run/refused', severity: 'error', message: 'RuntimeError: no', hint: 'Look at it.' },
  ...{ file: 'connections/main/api.jsonc', line: 9, column: 5 },
};

const TRACE: Trace = {
  ...{ run: 'verify', connection: 'main', started: '2026-01-01T00:00:00.000Z', milliseconds: 40, problem },
  steps: [
    step('refresh', { outcome: 'skipped', decision: 'The condition {{data.expires < now}} came to false.' }),
    step('token', {
      exchanges: [{ request, answer: { status: 200, headers: {}, size: 2, body: {} }, milliseconds: 12 }],
      stored: { data: { accessToken: '[redacted]' }, uid: 7 },
      notes: ['The response has no token_type.'],
    }),
    step('info', {
      outcome: 'failed',
      expressions: [{ place: place(4, 'info', 'url'), text: '{{parameters.host}}', value: 'https://api.example.com' }],
      exchanges: [
        {
          request,
          answer: { status: 401, headers: { 'x-id': ['a', 'b'] }, size: 2, body: { no: 1 } },
          milliseconds: 9,
        },
      ],
      problem,
    }),
  ],
};

describe('a trace as lines', () => {
  test('has a line for each step, and all that happened in the one that failed', () => {
    expect(traceLines(TRACE)).toEqual([
      'verify main: failed in 40 ms',
      '├─ – refresh  skipped: The condition {{data.expires < now}} came to false.',
      '├─ ✓ token    GET https://api.example.com/me → 200, 12 ms, stored data.accessToken, uid',
      '│    note: The response has no token_type.',
      '└─ ✗ info     GET https://api.example.com/me → 401, 12 ms',
      '     at connections/main/api.jsonc:1:3. It has no condition.',
      '     4:3 info.url: {{parameters.host}} = "https://api.example.com"',
      '     > GET https://api.example.com/me?key=[redacted]',
      '     > accept: */*',
      '     < 401',
      '     < x-id: a, b',
      '     <',
      '     < {',
      '     <   "no": 1',
      '     < }',
      '     run/refused at connections/main/api.jsonc:9:5: RuntimeError: no',
      '     hint: Look at it.',
    ]);
  });

  test('shows all steps in full where that is wanted', () => {
    const lines = traceLines(TRACE, { open: 'all' });
    expect(lines.filter((line) => line.includes('> GET')).length).toBe(2);
  });

  test('cuts off what is long', () => {
    const body = Array.from({ length: 50 }, () => 'x'.repeat(1000)).join('\n');
    const answer = { status: 200, headers: {}, size: body.length, body };
    const lines = traceLines(
      { ...TRACE, steps: [step('info', { exchanges: [{ request, answer, milliseconds: 1 }] })] },
      { open: 'all' },
    );
    expect(lines.some((line) => line.endsWith('… (1000 characters)'))).toBe(true);
    expect(lines.at(-1)).toContain('10 more lines');
  });
});

describe('a request as a command of curl', () => {
  /** The words that a shell makes of it. */
  const words = (command: string) =>
    execFileSync('sh', ['-c', `printf '%s\\n' ${command}`], { encoding: 'utf8' })
      .trimEnd()
      .split('\n');

  test('is read by a shell as it is meant', () => {
    const headers = { 'content-type': 'text/plain', 'accept-encoding': 'gzip', 'x-quote': "it's $HOME `id`" };
    const command = curlOf({
      request: { method: 'PUT', url: "https://api.example.com/?a='b'&c", headers, body: "a'b!" },
    });
    expect(words(command)).toEqual([
      ...['curl', '-X', 'PUT', "https://api.example.com/?a='b'&c"],
      ...['-H', 'content-type: text/plain', '-H', 'accept-encoding: gzip', '-H', "x-quote: it's $HOME `id`"],
      ...['--compressed', '--data-raw', "a'b!"],
    ]);
  });

  test.each([
    ['GET', undefined, false],
    ['POST', 'a=b', false],
    ['DELETE', undefined, true],
    ['POST', undefined, true],
  ])('names the method %s with the body %s only where curl would choose another', (method, body, named) => {
    const command = curlOf({
      request: { method, url: 'https://a.b', headers: {}, ...(body === undefined ? {} : { body }) },
    });
    expect(command.includes('-X')).toBe(named);
  });
});
