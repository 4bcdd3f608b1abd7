import { gzipSync } from 'node:zlib';
import { type Exchange, type Operation, operationsOf, type Platform } from '@connectorkit/sdk';

/** A request as it goes over the wire; what is in it was not looked at by any client. */
export interface RawRequest {
  readonly operation: string;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Buffer;
  /**
   * The statuses from 500 on that the platform's contract declares, for any operation: what is refused before its
   * operation is looked at is answered in the same words. What failed in the harness is told apart by its own report.
   */
  readonly declared: ReadonlySet<number>;
}

export type Random = () => number;

/** mulberry32 */
export function randomFrom(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A request of an operation that would be all right. */
interface Base {
  readonly operation: Operation;
  readonly prefix: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly declared: RawRequest['declared'];
}

/** Every operation of a platform, with requests from the vendor's own examples where there are some. */
export async function basesOf(platform: Platform): Promise<Base[]> {
  const operations = operationsOf(platform.contract);
  const statuses = [...operations.values()].flatMap(({ answers }) => [...answers.keys()].map(Number));
  const place = { prefix: platform.basePath, declared: new Set(statuses.filter((status) => status >= 500)) };
  const documented = (await platform.exchanges()).flatMap((exchange): Base[] => {
    const operation = operations.get(exchange.operation);
    return operation === undefined
      ? []
      : [exchange, exchange.changed].map((each) => ({ ...place, operation, ...written(each) }));
  });
  const named = new Set(documented.map(({ operation }) => operation.id));
  const others = [...operations.values()].filter(({ id }) => !named.has(id));
  return [...documented, ...others.map((each) => ({ ...place, operation: each, ...example(each) }))];
}

function written({ http, request }: Pick<Exchange, 'http' | 'request'>): Pick<Base, 'path' | 'headers' | 'body'> {
  const { body, headers = {} } = request;
  return { path: http.slice(http.indexOf(' ') + 1), headers, ...(body === undefined ? {} : { body }) };
}

function example({ path, parameters, mediaTypes }: Operation): Pick<Base, 'path' | 'headers' | 'body'> {
  const filled = path.replace(/\{([^}]+)\}/g, (_, name) =>
    encodeURIComponent(String(parameters.find((each) => each.name === name)?.example ?? '1')),
  );
  return { path: filled, headers: {}, ...(mediaTypes.length === 0 ? {} : { body: {} }) };
}

const PATHS = [
  '..',
  '.',
  '%2e%2e',
  '..%2f..%2f..%2fetc%2fpasswd',
  '%2f',
  '%5c..%5c',
  '%00',
  'a%00b',
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  '%ff',
  '%c0%ae%c0%ae',
  '%ed%a0%80',
  '%',
  '%zz',
  '%25',
  '%2525',
  '',
  '0',
  '-1',
  '1e99',
  'NaN',
  '9007199254740993',
  '00000000000000000000001',
  'null',
  'undefined',
  '*',
  ';',
  '%0d%0aset-cookie:a=b',
  '%E2%80%AE',
  '%F0%9F%91%8D',
  "'--",
  '%22',
  '<script>',
  '$(7*7)',
  '{{1}}',
  'a'.repeat(999),
  'a'.repeat(1001),
  '/'.repeat(50),
];

const VALUES: readonly unknown[] = [
  null,
  true,
  false,
  0,
  -1,
  1e308,
  2 ** 53,
  0.1,
  '',
  ' ',
  '\u0000',
  '\ud800',
  '\u2028',
  '👍'.repeat(50),
  'a'.repeat(70_000),
  '__proto__',
  'constructor',
  '../../x',
  '%s%n',
  "'; DROP TABLE entry; --",
  [],
  {},
  [[[]]],
  [null],
  { a: { b: {} } },
  JSON.parse('{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}'),
  new Date(8.64e15).toISOString(),
  '9999-99-99',
  'https://[::1',
  'javascript:alert(1)',
  Array.from({ length: 500 }, (_, index) => index),
];

type Change = (base: Base, random: Random) => Partial<Pick<RawRequest, 'method' | 'path' | 'headers' | 'body'>>;

const pick = <T>(list: readonly T[], random: Random): T => list[Math.floor(random() * list.length)] as T;

const json = (value: unknown) => Buffer.from(JSON.stringify(value));

/** Ways to spoil a request, by what they spoil. */
export const CHANGES: Readonly<Record<string, Change>> = {
  nothing: () => ({}),
  'a part of the path': ({ path }, random) => {
    const [plain = '', query] = path.split('?');
    const parts = plain.split('/');
    parts[1 + Math.floor(random() * (parts.length - 1))] = pick(PATHS, random);
    return { path: parts.join('/') + (query === undefined ? '' : `?${query}`) };
  },
  'a part more': ({ path }, random) => ({ path: `${path.split('?')[0]}/${pick(PATHS, random)}` }),
  'the query': ({ operation, path }, random) => {
    const names = [
      ...operation.parameters.map(({ name }) => name),
      '__proto__',
      '__proto__[x]',
      'a[b][c]',
      'pg[__proto__]',
      '',
    ];
    const pairs = Array.from({ length: 1 + Math.floor(random() * 6) }, () => {
      const value =
        random() < 0.5
          ? pick(PATHS, random)
          : encodeURIComponent(String(pick(VALUES, random)).replace(/[\uD800-\uDFFF]/g, ''));
      return `${encodeURIComponent(pick(names, random))}=${value}`;
    });
    return { path: `${path.split('?')[0]}?${pairs.join('&').slice(0, 8000)}` };
  },
  'a value of the body': ({ body }, random) => ({ body: json(replaced(body ?? {}, random)) }),
  'the whole body': (_base, random) => ({ body: json(pick(VALUES, random)) }),
  'a name of the body': ({ body }, random) => {
    const text = JSON.stringify(body ?? {});
    const name = JSON.stringify(pick(['__proto__', 'constructor', 'toString', '', '\u0000', 'x'.repeat(5000)], random));
    return {
      body: Buffer.from(text.startsWith('{') ? `{${name}:${text},${text.slice(1)}`.replace(/,\}/g, '}') : text),
    };
  },
  'no JSON': ({ body }, random) => {
    const bytes = typeof body === 'string' ? Buffer.from(body) : json(body ?? {});
    const cut = Math.floor(random() * bytes.length);
    return {
      body: Buffer.concat([bytes.subarray(0, cut), Buffer.from(pick(['', '}', '\u0000', '//', ',,', 'NaN'], random))]),
    };
  },
  'no UTF-8': ({ body }, random) => {
    const bytes = typeof body === 'string' ? Buffer.from(body) : json(body ?? {});
    const at = Math.floor(random() * (bytes.length + 1));
    const damage = Buffer.from(pick(['ff', 'c0ae', 'eda080', 'f8888080', 'e282', 'feff'], random), 'hex');
    return { body: Buffer.concat([bytes.subarray(0, at), damage, bytes.subarray(at)]) };
  },
  depth: (_base, random) => {
    const [open, shut] = pick(
      [
        ['[', ']'],
        ['{"a":', '}'],
      ] as const,
      random,
    );
    const levels = pick([300, 5000, 100_000], random);
    return { body: Buffer.from(`${open.repeat(levels)}1${shut.repeat(random() < 0.5 ? levels : 0)}`) };
  },
  'an encoding': ({ body }, random) => {
    const encoding = pick(['gzip', 'br', 'deflate', 'compress', '__proto__', 'gzip, gzip', ''], random);
    const bytes = random() < 0.5 ? gzipSync(json(body ?? {})) : Buffer.from('no such thing');
    return { headers: { 'content-encoding': encoding }, body: bytes };
  },
  'the media type': ({ body }, random) => {
    const types = [
      '',
      'text/plain',
      'application/json; charset=utf-16',
      'multipart/form-data',
      'application/x-www-form-urlencoded',
      'application/jsonc',
      'application/xml',
      '__proto__',
      'a/b'.repeat(500),
      ';;;',
      'application/json;'.repeat(50),
    ];
    return { headers: { 'content-type': pick(types, random) }, body: json(body ?? {}) };
  },
  'the credentials': (_base, random) => {
    const values = [
      '',
      'Token',
      'Bearer ',
      'Bearer __proto__',
      `Basic ${'A'.repeat(5000)}`,
      'Basic %%%',
      'Basic OmE=',
      'Bearer a.b.c',
      'Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.',
      'Digest username="a"',
      'Token undefined',
      'x'.repeat(9000),
    ];
    return {
      headers: {
        authorization: pick(values, random),
        cookie: pick(['', 'a', '__proto__=1', `s=${'é%'.repeat(100)}`.replace(/é/g, 'e'), ';;;='], random),
      },
    };
  },
  'other headers': (_base, random) => {
    const accept = pick(
      [
        '',
        '*/*',
        'text/html',
        'application/xml',
        'a/b;q=x',
        ',,,',
        'application/json;q=0',
        '__proto__',
        'x/'.repeat(2000),
      ],
      random,
    );
    const many = Object.fromEntries(
      Array.from({ length: Math.floor(random() * 150) }, (_, index) => [`x-${index}`, 'y'.repeat(20)]),
    );
    return {
      headers: {
        accept,
        'accept-language': pick(['', 'de,;q', '*'], random),
        'x-forwarded-host': 'evil.example.com',
        ...many,
      },
    };
  },
  'the method': (_base, random) => ({
    method: pick(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'PROPFIND', 'TRACE'], random),
  }),
};

/** A copy with one value, somewhere in it, replaced or taken out. */
function replaced(value: unknown, random: Random): unknown {
  if (typeof value !== 'object' || value === null || random() < 0.15) return pick(VALUES, random);
  const entries: [string, unknown][] = Object.entries(value);
  if (entries.length === 0) return { [String(pick(PATHS, random))]: pick(VALUES, random) };
  const at = Math.floor(random() * entries.length);
  const changed = entries.flatMap(([key, each], index): [string, unknown][] => {
    if (index !== at) return [[key, each]];
    return random() < 0.1 ? [] : [[key, replaced(each, random)]];
  });
  return Array.isArray(value) ? changed.map(([, each]) => each) : Object.fromEntries(changed);
}

/** The request of a base with one change; a valid request when the change is 'nothing'. */
export function requestOf(base: Base, change: Change, token: string, random: Random): RawRequest {
  const { operation, prefix, body } = base;
  const [mediaType = 'application/json'] = operation.mediaTypes;
  const given = body === undefined ? undefined : typeof body === 'string' ? Buffer.from(body) : json(body);
  const changed = change(base, random);
  const bytes = changed.body ?? given;
  return {
    operation: operation.id,
    method: changed.method ?? operation.method,
    path: prefix + (changed.path ?? base.path),
    headers: { authorization: `Bearer ${token}`, 'content-type': mediaType, ...base.headers, ...changed.headers },
    ...(bytes === undefined ? {} : { body: bytes }),
    declared: base.declared,
  };
}
