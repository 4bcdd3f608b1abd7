import fc from 'fast-check';
import { expect, test } from 'vitest';
import { traceLines } from '../../src/runtime/trace-lines.ts';
import type { HttpAnswer } from '../../src/runtime/transport.ts';
import { API_STARTERS } from '../../src/sections/api-starters.ts';
import type { CreateType } from '../../src/sections/create-types.ts';
import { connectionOf, runnable } from './connections.ts';
import { agrees } from './provider.ts';

/* Whatever a vendor answers, and whatever a browser brings back: a run ends with an instance or a problem. */

const MEDIA_TYPES = [
  'application/json',
  'text/html',
  'application/xml',
  'application/x-www-form-urlencoded',
  'text/plain;charset=x',
  '',
];

const value = fc.jsonValue({ maxDepth: 3 });
const token = fc.record(
  {
    access_token: fc.oneof(fc.string(), value),
    refresh_token: fc.oneof(fc.string(), value),
    expires_in: fc.oneof(fc.integer(), fc.string(), value),
    error: value,
    id: value,
    email: value,
  },
  { requiredKeys: [] },
);

const body = fc.oneof(
  fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
  fc.string({ unit: 'binary', maxLength: 200 }).map((text) => Buffer.from(text)),
  token.map((object) => Buffer.from(JSON.stringify(object))),
  fc
    .constantFrom('<a', '<a>x</a>', 'a=%zz&%=1&=', '[', 'null', '{"__proto__":{"a":1}}')
    .map((text) => Buffer.from(text)),
);

const answer: fc.Arbitrary<HttpAnswer> = fc.record({
  status: fc.constantFrom(200, 200, 200, 204, 301, 307, 400, 401, 429, 500, 799),
  headers: fc.record(
    {
      'content-type': fc.constantFrom(...MEDIA_TYPES),
      location: fc.constantFrom('/again', 'https://other.example.com/', 'ftp://x', '::', ''),
      'www-authenticate': fc.oneof(fc.string(), fc.constantFrom('Digest realm="a,b", nonce', 'Basic')),
      'retry-after': fc.string(),
      'set-cookie': fc.array(fc.string()),
    },
    { requiredKeys: [] },
  ),
  body,
});

const TYPES = Object.keys(API_STARTERS) as CreateType[];

test.each(TYPES)('%s', async (type) => {
  const connection = connectionOf(type, { api: API_STARTERS[type]() });
  await fc.assert(
    fc.asyncProperty(
      fc.array(answer, { minLength: 1 }),
      fc.dictionary(fc.string(), fc.string()),
      async (answers, query) => {
        let count = 0;
        const running = runnable(connection, {
          common: { clientId: 'client-1', clientSecret: 's3cret-of-client', consumerKey: 'c', consumerSecret: 'd' },
          transport: async () => answers[count++ % answers.length] ?? { status: 500, headers: {}, body: Buffer.of() },
        });
        const visit = async (each: { readonly url: string }) => {
          const token = new URL(each.url).searchParams.get('oauth_token');
          const right = new URLSearchParams(token === null ? await agrees()(each) : { oauth_token: token });
          for (const [name, text] of Object.entries(query)) right.append(name, text);
          return right;
        };
        const outcome = await running.connect(visit);
        expect((outcome.problem === undefined) !== (outcome.instance === undefined)).toBe(true);
        const instance = outcome.instance ?? { data: {} };
        expect(JSON.parse(JSON.stringify(instance))).toEqual(instance);
        const shown = JSON.stringify(outcome.trace) + traceLines(outcome.trace, { open: 'all' }).join('\n');
        expect(shown).not.toContain('s3cret-of-client');
        for (const again of [running.refresh, running.verify, running.invalidate]) await again(instance);
      },
    ),
    { numRuns: 60 },
  );
});
