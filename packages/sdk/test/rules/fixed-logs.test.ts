import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fixAll } from '../../src/fix.ts';
import { evaluateValue } from '../../src/iml/index.ts';
import { openProject, validate } from '../../src/index.ts';
import { memoryFiles } from '../../src/project/files.ts';

/** Texts by which a secret is found again, wherever a request takes it. */
const SECRET = {
  apiKey: 'S1apikeyS',
  password: 'S2passwordS',
  clientSecret: 'S3clientsecretS',
  shared: 'S4sharedS',
  code: 'S5codeS',
  token: 'S6accesstokenS',
  refresh: 'S7refreshtokenS',
  identity: 'S8idtokenS',
  session: 'S9sessiontokenS',
} as const;
const ALL: readonly string[] = Object.values(SECRET);

const PARAMETERS = { apiKey: SECRET.apiKey, password: SECRET.password, region: 'eu', username: 'ann' };
const COMMON = { clientId: 'app', clientSecret: SECRET.clientSecret, key: SECRET.shared };
const FORM = [
  { name: 'apiKey', type: 'password', label: 'Key' },
  { name: 'password', type: 'text', label: 'Password' },
  { name: 'region', type: 'text', label: 'Region' },
  { name: 'username', type: 'text', label: 'User' },
];
const ANSWER = {
  access_token: SECRET.token,
  refresh_token: SECRET.refresh,
  id_token: SECRET.identity,
  session: { token: SECRET.session },
  name: 'Ann',
};

const secret = fc.constantFrom(
  'parameters.apiKey',
  'parameters.password',
  'connection.apiKey',
  'common.clientSecret',
  'common.key',
  'temp.made',
  'temp.token',
  'data.accessToken',
  'connection.kept',
);
const harmless = fc.constantFrom('parameters.region', 'parameters.username', 'common.clientId', 'connection.shown');

/** What a secret is computed into. */
const wrapped = secret.chain((name) =>
  fc.constantFrom(
    `{{${name}}}`,
    `Bearer {{${name}}}`,
    `Basic {{base64(parameters.username + ':' + ${name})}}`,
    `{{base64(${name})}}`,
    `{{'x-' + ${name}}}`,
    `{{ifempty(${name}, common.clientId)}}`,
    `{{if(parameters.region = 'eu', ${name}, 'none')}}`,
    `a{{${name}}}b`,
  ),
);
const value = fc.oneof(
  { weight: 3, arbitrary: wrapped },
  { weight: 2, arbitrary: harmless.map((name) => `{{${name}}}`) },
  fc.constant('text'),
);
const names = fc.constantFrom('authorization', 'X-Api-Key', 'x-other', 'user.fields', 'value', 'token', 'a b');
const flat = fc.dictionary(names, value, { maxKeys: 3 });
const body = fc.oneof(
  flat,
  fc.record({ outer: flat, list: fc.array(flat, { maxLength: 2 }) }, { requiredKeys: [] }),
  value,
  value.map((text) => `user=ann&password=${text}`),
);
const url = fc.oneof(
  { weight: 5, arbitrary: fc.constant('https://api.example.com/v1/me') },
  fc.constant('https://{{parameters.region}}.example.com/v1/me'),
  wrapped.map((text) => `https://api.example.com/bot${text}/me`),
  value.map((text) => `https://api.example.com/me?a=b&q=${text}`),
  fc.constant('https://api.example.com/me?key=sk_live_0123456789abcdef'),
  fc.constant('{{temp.address}}'),
);
const sanitize = fc.array(
  fc.constantFrom(
    'request.headers.authorization',
    'request.headers.x-api-key',
    'request.headers.authorisation',
    'request.qs.token',
    'request.body',
    'request.body.outer',
    'response.body.access_token',
    'response.body',
    'request.headers.`x-other`',
  ),
  { maxLength: 3 },
);
const log = fc.option(fc.record({ sanitize }), { nil: undefined });
const response = fc.record(
  {
    data: fc.record(
      {
        accessToken: fc.constant('{{body.access_token}}'),
        kept: fc.constantFrom('{{body.session.token}}', '{{body.access_token}}'),
        shown: fc.constant('{{body.name}}'),
      },
      { requiredKeys: [] },
    ),
    temp: fc.record(
      { token: fc.constant('{{body.session.token}}'), address: fc.constant('https://a.example.com/{{body.name}}') },
      { requiredKeys: [] },
    ),
    metadata: fc.constant({ type: 'text', value: '{{body.name}}' }),
  },
  { requiredKeys: [] },
);
const temp = fc.record(
  {
    made: wrapped,
    address: value.map((text) => `https://api.example.com/me?x=${text}`),
    headers: fc.record({ authorization: wrapped, accept: fc.constant('text/plain') }, { requiredKeys: [] }),
  },
  { requiredKeys: [] },
);
const headers = fc.oneof(
  { weight: 4, arbitrary: flat },
  flat.map((own) => ({ ...own, '{{...}}': '{{temp.headers}}' })),
  fc.constant('{{temp.headers}}'),
);

const request = fc.record(
  { url, method: fc.constantFrom('POST', 'GET'), headers, qs: flat, body, temp, response, log },
  { requiredKeys: ['url'] },
);

const authorize = fc.constant({
  url: 'https://api.example.com/authorize',
  qs: { client_id: '{{common.clientId}}' },
  response: { temp: { code: '{{query.code}}' } },
});
const token = request.map((own) => ({ ...own, method: 'POST', body: { code: '{{temp.code}}', ...object(own.body) } }));

const basic = fc.record({ type: fc.constant('apikey'), api: fc.oneof(request, fc.array(request, { maxLength: 3 })) });
const oauth = fc.record({
  type: fc.constant('oauth'),
  api: fc.record({ authorize, token, info: request, refresh: request }, { requiredKeys: ['authorize', 'token'] }),
});
const connection = fc.record({
  connection: fc.oneof(basic, oauth),
  form: fc.constantFrom(FORM, undefined, 'rpc://form', [...FORM.slice(2), 'rpc://more']),
  common: fc.constantFrom(undefined, {
    properties: { clientId: { type: 'string' }, clientSecret: { type: 'string' } },
  }),
});

function object(value: unknown): object {
  return typeof value === 'object' && value !== null ? value : {};
}

type Step = Readonly<Record<string, unknown>>;

/** The requests in the order in which they run, each with the name of its step. */
function stepsOf(api: unknown): (readonly [string, Step])[] {
  const order = ['authorize', 'token', 'info', 'refresh'];
  if (Array.isArray(api)) return api.map((each, index) => [String(index), each as Step]);
  const steps = order.flatMap((name) =>
    name in object(api) ? [[name, (api as Record<string, Step>)[name]] as const] : [],
  );
  return steps.length > 0 ? (steps as (readonly [string, Step])[]) : [['', api as Step]];
}

const given = { now: () => new Date(0), random: () => 0, uuid: () => '00000000-0000-0000-0000-000000000000' };

/**
 * What a platform writes into its log of each request, as Make documents it; nothing of those without `log.sanitize`.
 * @param grants whether answers that grant a token bring everything that such answers may
 */
function logsOf(api: unknown, grants: boolean): Map<string, unknown> {
  const logs = new Map<string, unknown>();
  const kept: Record<string, unknown> = { ...PARAMETERS };
  const temp: Record<string, unknown> = {};
  for (const [step, { log, response, temp: own, ...request }] of stepsOf(api)) {
    const scope = { parameters: PARAMETERS, common: COMMON, data: kept, connection: kept, temp };
    const evaluated = (part: unknown, more: object = {}) => object(evaluateValue(part, { ...scope, ...more }, given));
    Object.assign(temp, evaluated(own));
    const sent = evaluateValue(
      { url: request.url, headers: request.headers, qs: request.qs, body: request.body },
      scope,
      given,
    );
    const answer = step === 'authorize' ? { query: { code: SECRET.code } } : { body: ANSWER, headers: {} };
    const { data, temp: brought } = object(response) as { data?: unknown; temp?: unknown };
    const answered = withoutUnread(JSON.stringify(response ?? {}), grants && (step === 'token' || step === 'refresh'));
    Object.assign(temp, evaluated(brought, answer));
    Object.assign(kept, evaluated(data, answer));
    const sanitized = (log as { sanitize?: readonly string[] } | undefined)?.sanitize;
    if (step === 'authorize' || sanitized === undefined || sanitized.length === 0) continue;
    const record = structuredClone({ request: sent, response: { body: answered } });
    for (const path of sanitized) hide(record, path);
    logs.set(step, record);
  }
  return logs;
}

/** An answer as far as it is read; with what answers that grant a token bring, whether it is read or not. */
function withoutUnread(read: string, grants: boolean): object {
  const { access_token, refresh_token, id_token, session, name } = ANSWER;
  return {
    name,
    ...(grants ? { access_token, refresh_token, id_token } : {}),
    ...(read.includes('access_token') ? { access_token } : {}),
    ...(read.includes('session') ? { session } : {}),
  };
}

/** Takes the value at a path out of the record; names of headers are compared without case. */
function hide(record: object, path: string): void {
  const names = [...path.matchAll(/`([^`]*)`|[^.`]+/g)].map(([found, quoted]) => quoted ?? found);
  let at: unknown = record;
  for (const [index, name] of names.entries()) {
    if (typeof at !== 'object' || at === null) return;
    const isHeader = names[index - 1] === 'headers';
    const key = Object.keys(at).find(
      (each) => each === name || (isHeader && each.toLowerCase() === name.toLowerCase()),
    );
    if (key === undefined) return;
    const holder = at as Record<string, unknown>;
    if (index === names.length - 1) holder[key] = '***';
    else at = holder[key];
  }
}

/** The secrets in a value, be they written as they are or in Base64. */
function secretsIn(value: unknown): string[] {
  const text = JSON.stringify(value) ?? '';
  const decoded = [...text.matchAll(/[A-Za-z0-9+/]{8,}={0,2}/g)].map(([each]) =>
    Buffer.from(each, 'base64').toString('latin1'),
  );
  const twice = decoded.flatMap((each) =>
    [...each.matchAll(/[A-Za-z0-9+/]{8,}={0,2}/g)].map(([inner]) => Buffer.from(inner, 'base64').toString('latin1')),
  );
  const all = [text, ...decoded, ...twice].join('\n');
  return [...ALL, 'sk_live_0123456789abcdef'].filter((each) => all.includes(each));
}

const FILE = 'connections/a/api.json';

function fixed(texts: Readonly<Record<string, string>>): string {
  const check = (changed: ReadonlyMap<string, string>) =>
    validate(openProject(memoryFiles({ ...texts, ...Object.fromEntries(changed) })));
  const { texts: after } = fixAll({ read: (file) => texts[file], check });
  return after.get(FILE) ?? texts[FILE] ?? '';
}

describe('applying fixes until nothing changes', () => {
  let turnedOn = 0;
  let leaking = 0;

  test('never has a secret logged that was not', { timeout: 300_000 }, () => {
    fc.assert(
      fc.property(connection, ({ connection: { type, api }, form, common }) => {
        const texts = {
          'connector.json': '{"name": "x"}',
          'connections/a/connection.json': JSON.stringify({ type }),
          [FILE]: JSON.stringify(api, undefined, 2),
          ...(form === undefined ? {} : { 'connections/a/parameters.json': JSON.stringify(form) }),
          ...(common === undefined ? {} : { 'connections/a/common.schema.json': JSON.stringify(common) }),
        };
        const before = logsOf(api, false);
        const text = fixed(texts);
        const full = logsOf(JSON.parse(text), true);
        const after = logsOf(JSON.parse(text), false);
        for (const [step, record] of after) {
          const old = before.get(step);
          if (old === undefined) {
            turnedOn++;
            expect(secretsIn(full.get(step)), `${step} of ${text}`).toEqual([]);
          } else {
            leaking += Number(secretsIn(old).length > 0);
            // What is in the address has no path; everything else is sanitized in the end.
            const { request, ...rest } = record as { request: { url?: unknown } };
            const { url: address, ...others } = request;
            expect(secretsIn([others, rest]), `${step} of ${text}`).toEqual([]);
            expect(secretsIn(old)).toEqual(expect.arrayContaining(secretsIn(address)));
          }
        }
      }),
      { numRuns: 400, seed: 20_251_107 },
    );
  });

  test('that is shown by requests that were logged by a fix, and by ones that leaked before', () => {
    expect(turnedOn).toBeGreaterThan(50);
    expect(leaking).toBeGreaterThan(50);
  });
});
