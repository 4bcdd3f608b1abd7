import { gzipSync } from 'node:zlib';
import type { ValidRequest } from './valid-requests.ts';

/** A request as it goes over the wire; what is in it was not looked at by any client. */
export interface RawRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Buffer;
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

/** A request that would be all right. */
export type Base = Pick<ValidRequest, 'operation' | 'path' | 'headers' | 'body'>;

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
const bytesOf = (body: unknown) =>
  typeof body === 'string' || body instanceof Uint8Array ? Buffer.from(body as string) : json(body);

/** Ways to spoil a request, by what they spoil. */
const SPOILING: Readonly<Record<string, Change>> = {
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
    const bytes = bytesOf(body ?? {});
    const cut = Math.floor(random() * bytes.length);
    return {
      body: Buffer.concat([bytes.subarray(0, cut), Buffer.from(pick(['', '}', '\u0000', '//', ',,', 'NaN'], random))]),
    };
  },
  'no UTF-8': ({ body }, random) => {
    const bytes = bytesOf(body ?? {});
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
      'constructor x',
      '__proto__ x',
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

/** As much of a JSON Schema as values are made of. */
interface ValueSchema {
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, ValueSchema>>;
  readonly required?: readonly string[];
  readonly pattern?: string;
  readonly minLength?: number;
  readonly items?: ValueSchema;
}

/** The properties that a body's schema declares, where it is an object. */
function propertiesOf({ operation }: Base): readonly (readonly [name: string, schema: ValueSchema])[] {
  const [schema] = operation.body.values();
  return Object.entries((schema as ValueSchema | undefined)?.properties ?? {});
}

/** Values by JSON type; the first of each is the plainest. */
const OF_TYPE: Readonly<Record<string, readonly unknown[]>> = {
  string: ['a', 'ordinary text', 'x'.repeat(200), 'Ünïcode', '2026-05-01T10:00:00Z', 'https://example.com/a?b=c'],
  integer: [1, 0, 2, 171_457, 2 ** 31],
  number: [1.5, 0, 1e6],
  boolean: [true, false],
  null: [null],
  array: [[]],
  object: [{}],
};

function typesOf({ type }: ValueSchema): readonly string[] {
  return typeof type === 'string' ? [type] : (type ?? Object.keys(OF_TYPE));
}

/** A value that the schema takes, as far as its type and its enumeration say. */
function fitting(schema: ValueSchema, random: Random): unknown {
  if (schema.enum !== undefined) return pick(schema.enum, random);
  const value = pick(OF_TYPE[pick(typesOf(schema), random)] ?? [null], random);
  return Array.isArray(value) && schema.items !== undefined ? [fitting(schema.items, random)] : value;
}

/** Ways to break exactly one keyword of a schema. */
const BREAKS: readonly ((schema: ValueSchema, random: Random) => unknown)[] = [
  (schema, random) => {
    const others = Object.keys(OF_TYPE).filter((type) => !typesOf(schema).includes(type));
    return pick(OF_TYPE[others.length === 0 ? 'object' : pick(others, random)] ?? [null], random);
  },
  ({ enum: values = ['x'] }, random) => `${String(pick(values, random))}s`,
  ({ minLength = 0 }) => 'a'.repeat(Math.max(0, minLength - 1)),
  ({ pattern }) => (pattern === undefined ? '' : ' '),
  ({ items }, random) => [fitting(items ?? {}, random), null],
];

/** Changes that keep to the contract, or break it in one place. */
const BY_CONTRACT: Readonly<Record<string, Change>> = {
  'a declared value': (base, random) => {
    const properties = propertiesOf(base);
    if (properties.length === 0) return {};
    const [name, schema] = pick(properties, random);
    return { body: json({ ...(base.body as object), [name]: fitting(schema, random) }) };
  },
  'all declared values': (base, random) => {
    const properties = propertiesOf(base);
    const values = properties.map(([name, schema]) => [name, fitting(schema, random)]);
    return properties.length === 0 ? {} : { body: json({ ...Object.fromEntries(values), ...(base.body as object) }) };
  },
  'a declared value that does not fit': (base, random) => {
    const properties = propertiesOf(base);
    if (properties.length === 0) return {};
    const [name, schema] = pick(properties, random);
    return { body: json({ ...(base.body as object), [name]: pick(BREAKS, random)(schema, random) }) };
  },
  'a member that is left out': ({ body }, random) => {
    if (typeof body !== 'object' || body === null || Array.isArray(body)) return {};
    const names = Object.keys(body);
    const left = names.length === 0 ? '' : pick(names, random);
    return { body: json(Object.fromEntries(Object.entries(body).filter(([name]) => name !== left))) };
  },
  'members that nobody declared': (base, random) => {
    const names = ['id', 'name', 'owner', 'workspace', 'app', 'approved', 'roles', 'version', 'constructor', 'status'];
    const more = names.map((name) => [name, pick(VALUES, random)]);
    return { body: json({ ...Object.fromEntries(more), ...(base.body as object) }) };
  },
};

/** All ways to change a request, by what they change. */
export const CHANGES: Readonly<Record<string, Change>> = { ...BY_CONTRACT, ...SPOILING };

/** The request of a base with one change; a valid request when the change is 'nothing'. */
export function requestOf(base: Base, change: Change, token: string, random: Random): RawRequest {
  const { operation, body } = base;
  const [mediaType = 'application/json'] = operation.mediaTypes;
  const given = body === undefined ? undefined : bytesOf(body);
  const changed = change(base, random);
  const bytes = changed.body ?? given;
  return {
    method: changed.method ?? operation.method,
    path: changed.path ?? base.path,
    headers: { authorization: `Bearer ${token}`, 'content-type': mediaType, ...base.headers, ...changed.headers },
    ...(bytes === undefined ? {} : { body: bytes }),
  };
}
