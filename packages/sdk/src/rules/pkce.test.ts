import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { evaluate } from '../iml/evaluate.ts';
import { apiExamples } from '../sections/api-examples.ts';
import { RULES } from './index.ts';
import { STEPS_THAT_WORK } from './oauth.ts';
import { PKCE_RULES } from './pkce.ts';
import type { Finding } from './rule.ts';
import { findingsOf } from './runner.ts';

const { authorize, token, info } = STEPS_THAT_WORK;
const TWO = '{{uuid}}.{{uuid}}';
const S256 = "{{base64url(sha256(temp.code_verifier, 'base64'))}}";
const CHAIN = "{{replace(replace(replace(sha256(temp.code_verifier, 'base64'), '+', '-'), '/', '_'), '=', '')}}";

interface Exchange {
  readonly preauthorize?: unknown;
  readonly temp?: object;
  /** Parameters that authorize sends beside the rest. */
  readonly qs?: object | string;
  readonly url?: string;
  /** Values that authorize keeps of its answer. */
  readonly kept?: object;
  /** Parameters that token sends beside the rest, or in its place. */
  readonly body?: object | string;
  readonly token?: object;
}

/** Everything that the rules say about the exchange, in their order. */
function said(exchange: Exchange): { code: string; finding: Finding }[] {
  const { temp = { code_verifier: TWO }, qs = {}, url = authorize.url, kept = {} } = exchange;
  const { preauthorize, body = { code_verifier: '{{temp.code_verifier}}' } } = exchange;
  const api = {
    ...(preauthorize === undefined ? {} : { preauthorize }),
    authorize: {
      ...authorize,
      url,
      temp,
      qs: typeof qs === 'string' ? qs : { ...authorize.qs, ...qs },
      response: { temp: { ...authorize.response.temp, ...kept } },
    },
    token: { ...token, body: typeof body === 'string' ? body : { ...token.body, ...body }, ...exchange.token },
    info,
  };
  return PKCE_RULES.flatMap((rule) =>
    findingsOf(rule, { type: 'oauth', sections: { api } }).map((finding) => ({ code: rule.code, finding })),
  );
}

const codes = (exchange: Exchange) => said(exchange).map(({ code, finding: { path } }) => `${code} ${path.join('.')}`);

/** An exchange whose challenge is this expression. */
const challenging = (code_challenge: string): Exchange => ({ qs: { code_challenge, code_challenge_method: 'S256' } });

const FORM = 'oauth/challenge-form authorize.qs.code_challenge';

describe('the challenge', () => {
  test.each([
    S256,
    CHAIN,
    "{{replace(replace(replace(sha256(temp.code_verifier; 'base64'); '/=+$/'; ''); '+'; '-'); '/'; '_')}}",
    "{{replace(replace(base64url(sha256(temp.code_verifier, 'base64')), '+', '-'), '/', '_')}}",
    "{{base64url(base64(toBinary(sha256(temp.code_verifier, 'hex'), 'hex')))}}",
    " {{if(parameters.clientId, base64url(sha256(temp.code_verifier, 'base64')), '')}}".trim(),
    "{{ifempty(base64url(sha256(temp.code_verifier, 'base64')), 'none')}}".replace("'none'", 'emptystring'),
  ])('may be %s', (challenge) => {
    expect(codes(challenging(challenge))).toEqual([]);
  });

  test.each([
    ['{{sha256(temp.code_verifier)}}', 'the hash in hex', 'invalid_grant'],
    ["{{sha256(temp.code_verifier, 'hex')}}", 'the hash in hex', 'invalid_grant'],
    ["{{sha256(temp.code_verifier, 'base64')}}", 'the hash in base64, not in base64url', 'invalid_request'],
    [
      "{{replace(sha256(temp.code_verifier, 'base64'), '=', '')}}",
      'the hash in base64 without padding',
      'invalid_request',
    ],
    [
      "{{replace(replace(sha256(temp.code_verifier, 'base64'), '+', '-'), '/', '_')}}",
      'the hash in base64url with padding',
      'invalid_request',
    ],
    ["{{base64(sha256(temp.code_verifier, 'base64'))}}", 'the base64 of a text that is in base64 already', ''],
    [
      "{{replace(replace(replace(base64(sha256(temp.code_verifier, 'base64')); '+'; '-'); '/'; '_'); '='; '')}}",
      'the base64url of a text that is in base64 already',
      'invalid_grant',
    ],
    ['{{base64(sha256(temp.code_verifier))}}', 'the base64 of a text that is in hex', ''],
    ['{{base64url(base64(sha256(temp.code_verifier)))}}', 'the base64url of a text that is in hex', 'invalid_grant'],
    ['{{base64(temp.code_verifier)}}', 'the verifier in base64', ''],
    ['{{temp.code_verifier}}', 'the verifier itself', 'invalid_grant'],
    ['{{base64url(sha512(temp.code_verifier, "base64"))}}', 'not what S256 makes of the verifier', 'invalid_grant'],
    ["{{sha1(temp.code_verifier, 'base64')}}", 'not what S256 makes of the verifier', 'invalid_request'],
  ])('must not be %s', (challenge, words, answer) => {
    const [first, second] = said(challenging(challenge));
    expect(second).toBeUndefined();
    expect(first?.code).toBe('oauth/challenge-form');
    expect(first?.finding.message).toContain(words);
    expect(first?.finding.hint).toContain(answer);
  });

  test('is reported exactly where it is not S256, whatever the functions are', () => {
    // Its hash has + and / in base64.
    const verifier = `${'a'.repeat(50)}6`;
    expect(createHash('sha256').update(verifier).digest('base64')).toMatch(/\+.*\/|\/.*\+/);
    const expected = createHash('sha256').update(verifier).digest('base64url');
    const wrap = fc.constantFrom(
      (inner: string) => `sha256(${inner}, 'base64')`,
      (inner: string) => `sha256(${inner})`,
      (inner: string) => `base64(${inner})`,
      (inner: string) => `base64url(${inner})`,
      (inner: string) => `replace(${inner}, '+', '-')`,
      (inner: string) => `replace(${inner}, '/', '_')`,
      (inner: string) => `replace(${inner}, '=', '')`,
      (inner: string) => `lower(${inner})`,
      (inner: string) => `trim(${inner})`,
      (inner: string) => `ifempty(${inner}, temp.none)`,
    );
    const expression = fc
      .array(wrap, { minLength: 1, maxLength: 5 })
      .map((wraps) => wraps.reduce((inner, each) => each(inner), 'temp.code_verifier'));
    const given = { now: () => new Date(0), random: () => 0, uuid: () => '' };
    let right = 0;
    const isTold = (inner: string) => codes(challenging(`{{${inner}}}`)).includes(FORM);
    const isWrong = (inner: string) =>
      evaluate(`{{${inner}}}`, { temp: { code_verifier: verifier } }, given) !== expected;
    fc.assert(
      fc.property(expression, (inner) => {
        if (!isWrong(inner)) right++;
        expect(isTold(inner)).toBe(isWrong(inner));
      }),
      { numRuns: 2_000, seed: 1 },
    );
    expect(right).toBeGreaterThan(5);
  });

  test('is followed through values that are kept', () => {
    const temp = { code_verifier: TWO };
    const wrong = '{{sha256(temp.code_verifier)}}';
    const qs = { code_challenge: '{{temp.challenge}}', code_challenge_method: 'S256' };
    const before = (words: object) => ({ url: 'https://api.example.com', ...words });
    const kept = 'oauth/challenge-form preauthorize';
    expect(codes({ qs, temp: {}, preauthorize: before({ temp }) })).toEqual([]);
    expect(codes({ qs, temp: { challenge: wrong }, preauthorize: before({ temp }) })).toEqual([
      'oauth/challenge-form authorize.temp.challenge',
    ]);
    expect(codes({ qs, temp: { challenge: S256 }, preauthorize: before({ temp }) })).toEqual([]);
    expect(
      codes({ qs, temp: {}, preauthorize: [before({ response: { temp } }), before({ temp: { challenge: wrong } })] }),
    ).toEqual([`${kept}.1.temp.challenge`]);
    expect(
      codes({
        qs: { ...qs, code_challenge: '{{temp.copy}}' },
        temp: { copy: '{{temp.challenge}}' },
        preauthorize: before({ temp, response: { temp: { challenge: wrong } } }),
      }),
    ).toEqual([`${kept}.response.temp.challenge`]);
    expect(
      codes({
        ...challenging('{{sha256(data.v)}}'),
        temp: {},
        preauthorize: before({ response: { data: { v: TWO } } }),
        body: { code_verifier: '{{connection.v}}' },
      }),
    ).toEqual([FORM]);
    expect(
      codes({
        ...challenging('{{sha256(temp.pkce.verifier)}}'),
        temp: { pkce: { verifier: TWO } },
        body: { code_verifier: '{{temp.pkce.verifier}}' },
      }),
    ).toEqual([FORM]);
  });

  test('is read in the query of the url', () => {
    const url = (query: string) => ({ url: `https://auth.example.com/authorize?${query}` });
    expect(codes(url(`code_challenge=${S256}&code_challenge_method=S256`))).toEqual([]);
    const [first, ...rest] = said(
      url('a=b&code_challenge={{sha256(temp.code_verifier)}}&code_challenge_method=S256#c'),
    );
    expect([first?.code, rest]).toEqual(['oauth/challenge-form', []]);
    const text = 'https://auth.example.com/authorize?a=b&code_challenge={{sha256(temp.code_verifier)}}';
    const { offset = 0, end = 0 } = first?.finding.span ?? {};
    expect(text.slice(offset, end)).toBe('sha256(temp.code_verifier)');
    expect(codes(url(`code_challenge={{sha256(temp.code_verifier)}}`))).toEqual([
      'oauth/challenge-form authorize.url',
      'oauth/challenge-method authorize.url',
    ]);
    expect(codes({ ...url(`code_challenge=${S256}`), qs: { code_challenge_method: 'S256' } })).toEqual([]);
  });

  test('a moment in its place is as long as moments are', () => {
    const temp = { code_verifier: '{{timestamp}}' };
    const qs = { code_challenge: "{{base64url(sha256(temp.code_verifier, 'base64'))}}", code_challenge_method: 'S256' };
    expect(said({ temp, qs }).map(({ finding }) => finding.found)).toContain('10 characters');
  });

  test('that only a run can know is left alone', () => {
    const preauthorize = {
      url: 'https://api.example.com/pkce',
      response: { temp: { code_verifier: '{{body.verifier}}', challenge: '{{body.challenge}}' } },
    };
    const qs = { code_challenge: '{{temp.challenge}}', code_challenge_method: 'S256' };
    expect(codes({ temp: {}, preauthorize, qs })).toEqual([]);
    expect(codes(challenging('{{parameters.challenge}}'))).toEqual([]);
    expect(codes(challenging('{{ownFunction(temp.code_verifier)}}'))).toEqual([]);
    expect(codes(challenging('{{temp.nowhere}}'))).toEqual([]);
    expect(codes(challenging('{{'))).toEqual([]);
    // What is computed here of such a verifier is reported.
    const own = "{{ifempty(temp.challenge, base64(sha256(temp.code_verifier, 'base64')))}}";
    expect(codes({ temp: {}, preauthorize, ...challenging(own) })).toEqual([FORM]);
  });

  test('belongs to the verifier that is sent', () => {
    const temp = { code_verifier: TWO, other: TWO };
    const qs = { code_challenge: "{{base64url(sha256(temp.other, 'base64'))}}", code_challenge_method: 'S256' };
    const [first] = said({ temp, qs });
    expect(first?.finding.message).toContain('another value than the verifier');
    expect(codes({ temp, qs, body: { code_verifier: '{{temp.other}}' } })).toEqual([]);
  });
});

describe('the method', () => {
  const METHOD = 'oauth/challenge-method authorize.qs.code_challenge';

  test.each<[object, string[]]>([
    [{ code_challenge: S256, code_challenge_method: 'S256' }, []],
    [{ code_challenge: S256 }, [METHOD]],
    [{ code_challenge: S256, code_challenge_method: 'plain' }, [`${METHOD}_method`]],
    [{ code_challenge: S256, code_challenge_method: 's256' }, [`${METHOD}_method`]],
    [{ code_challenge: S256, code_challenge_method: 'SHA256' }, [`${METHOD}_method`]],
    [{ code_challenge: S256, code_challenge_method: '' }, [`${METHOD}_method`]],
    [{ code_challenge: S256, code_challenge_method: '{{parameters.method}}' }, []],
    [{ code_challenge: S256, '{{...}}': '{{parameters.more}}' }, []],
    [{ code_challenge: '{{temp.code_verifier}}', code_challenge_method: 'plain' }, [`${METHOD}_method`]],
    [{ code_challenge: '{{temp.code_verifier}}' }, [METHOD]],
    [{ code_challenge: '{{sha256(temp.code_verifier)}}' }, [FORM, METHOD]],
  ])('of %j', (qs, expected) => {
    expect(codes({ qs })).toEqual(expected);
  });

  test('is corrected only where the challenge is right', () => {
    const fixOf = (qs: object) => said({ qs }).find(({ code }) => code === 'oauth/challenge-method')?.finding.fix;
    const changes = [{ section: 'api', path: ['authorize', 'qs', 'code_challenge_method'], value: 'S256' }];
    expect(fixOf({ code_challenge: S256 })).toMatchObject({ changes });
    expect(fixOf({ code_challenge: S256, code_challenge_method: 's256' })).toMatchObject({ changes });
    expect(fixOf({ code_challenge: '{{temp.code_verifier}}' })).toBeUndefined();
    expect(fixOf({ code_challenge: '{{parameters.challenge}}' })).toBeUndefined();
  });
});

describe('the verifier', () => {
  const made = 'oauth/verifier-form authorize.temp.code_verifier';

  test.each<[string, string | undefined]>([
    ['{{uuid}}', '36 characters'],
    ['{{uuid}}{{uuid}}', undefined],
    [TWO, undefined],
    ['{{uuid}}{{uuid}}{{uuid}}', undefined],
    ['{{uuid}}.{{uuid}}.{{uuid}}.{{uuid}}', '147 characters'],
    ['{{uuid}} {{uuid}}', '" "'],
    ['{{random}}', '17 characters'],
    ['{{sha256(uuid)}}', undefined],
    ["{{sha256(uuid, 'base64')}}", '"="'],
    ["{{base64url(sha256(uuid, 'base64'))}}", undefined],
    ['{{substring(uuid + uuid, 0, 42)}}', '42 characters'],
    ['{{substring(uuid + uuid, 0, 43)}}', undefined],
    ['{{parameters.verifier}}', undefined],
    ['{{randomString(42)}}', undefined],
    ['{{uuid}}{{parameters.salt}}', undefined],
  ])('%s', (code_verifier, found) => {
    const reported = said({ ...challenging(S256), temp: { code_verifier } });
    expect(reported.map(({ code, finding }) => [`${code} ${finding.path.join('.')}`, finding.found])).toEqual(
      found === undefined ? [] : [[made, found]],
    );
  });

  test('is reported where it is made, and corrected where it is one uuid', () => {
    const preauthorize = { url: 'https://api.example.com', temp: { v: '{{uuid}}' } };
    const [first] = said({ ...challenging(S256), preauthorize, temp: { code_verifier: '{{temp.v}}' } });
    expect(first?.finding).toMatchObject({
      path: ['preauthorize', 'temp', 'v'],
      fix: { changes: [{ path: ['preauthorize', 'temp', 'v'], value: TWO }] },
    });
    const [other] = said({ ...challenging(S256), temp: { code_verifier: 'v{{uuid}}' } });
    expect(other?.finding.fix).toBeUndefined();
  });

  test('is read in a body that is written out', () => {
    const body = 'grant_type=authorization_code&code={{temp.code}}&code_verifier={{temp.code_verifier}}';
    expect(codes({ ...challenging(S256), body })).toEqual([]);
    expect(codes({ ...challenging(S256), temp: { code_verifier: '{{uuid}}' }, body })).toEqual([made]);
  });

  test('that is made anew is reported as that alone', () => {
    const again = 'oauth/verifier-regenerated token';
    expect(codes({ ...challenging(S256), body: { code_verifier: '{{uuid}}' } })).toEqual([
      `${again}.body.code_verifier`,
    ]);
    expect(codes({ ...challenging(S256), token: { temp: { code_verifier: '{{uuid}}' } } })).toEqual([
      `${again}.temp.code_verifier`,
    ]);
    expect(codes({ ...challenging('{{sha256(uuid)}}') })).toEqual([
      'oauth/verifier-regenerated authorize.qs.code_challenge',
    ]);
    const url = `https://auth.example.com/token?code_verifier={{uuid}}`;
    expect(codes({ ...challenging(S256), body: {}, token: { url } })).toEqual([`${again}.url`]);
  });
});

describe('the other half', () => {
  const half = 'oauth/pkce-incomplete';

  test('of a challenge is a verifier', () => {
    expect(codes({ ...challenging(S256), body: {} })).toEqual([`${half} authorize.qs.code_challenge`]);
    expect(codes({ ...challenging(S256), body: { '{{...}}': '{{temp.body}}' } })).toEqual([]);
    expect(codes({ ...challenging(S256), body: '{{temp.body}}' })).toEqual([]);
    expect(
      codes({ ...challenging(S256), body: {}, token: { qs: { code_verifier: '{{temp.code_verifier}}' } } }),
    ).toEqual([]);
  });

  test('of a verifier is a challenge', () => {
    expect(codes({})).toEqual([`${half} token.body.code_verifier`]);
    expect(codes({ url: '{{parameters.authorizationUrl}}' })).toEqual([]);
    expect(codes({ qs: { '{{...}}': '{{temp.pkce}}' } })).toEqual([]);
  });

  test('is not asked for where a connection has none of it', () => {
    expect(codes({ body: {} })).toEqual([]);
  });
});

test('an expression that takes too long, or that nobody can read, is left alone', () => {
  const long = `{{${'base64('.repeat(60)}temp.code_verifier${')'.repeat(60)}}}`;
  expect(codes(challenging(long))).toEqual([]);
  expect(codes({ ...challenging(S256), temp: { code_verifier: '{{uuid' } })).toEqual([]);
});

test('what we show as right is right', () => {
  const goods = RULES.map(({ good }) => good());
  const examples = apiExamples().map(({ type, value }) => ({ type, sections: { api: value } }));
  const shown = [...goods, ...examples];
  expect(JSON.stringify(shown).match(/code_challenge_method/g)?.length).toBeGreaterThan(1);
  expect(shown.flatMap((each) => PKCE_RULES.flatMap((rule) => findingsOf(rule, each)))).toEqual([]);
});
