import { createHash, createHmac, createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import { Decimal } from 'decimal.js';
import fc from 'fast-check';
import moment from 'moment-timezone';
import { describe, expect, test } from 'vitest';
import type { EvaluationContext } from '../function.ts';
import { FUNCTIONS } from './index.ts';

/* The functions against the libraries that they stand for: moment-timezone, decimal.js and node:crypto. */

const NOW = '2024-02-29T22:30:15.250Z';

function call(name: string, args: readonly unknown[], timezone = 'UTC'): unknown {
  const surroundings: EvaluationContext = {
    now: () => new Date(NOW),
    random: () => 0.5,
    uuid: () => '00000000-0000-4000-8000-000000000000',
    timezone,
    spend: () => undefined,
  };
  return FUNCTIONS.get(name)?.run(args, surroundings);
}

const RUNS = { numRuns: 400 };

/** Europe and America with their hours that are skipped or repeated, half hours, quarters, the far ends of the day. */
const ZONES = [
  'UTC',
  'Europe/Prague',
  'Europe/London',
  'America/New_York',
  'America/Los_Angeles',
  'America/St_Johns',
  'America/Sao_Paulo',
  'Asia/Kolkata',
  'Asia/Kathmandu',
  'Asia/Tehran',
  'Asia/Tokyo',
  'Australia/Adelaide',
  'Australia/Lord_Howe',
  'Pacific/Auckland',
  'Pacific/Chatham',
  'Pacific/Kiritimati',
  'Africa/Cairo',
];

const zone = fc.constantFrom(...ZONES);

/** Moments from 1990, before which the zone data of moment and Node differ, to 2037, where that of moment ends; often near a change. */
const time = fc.oneof(
  fc.integer({ min: Date.UTC(1990, 0, 1), max: Date.UTC(2037, 0, 1) }),
  zone.chain((name) => {
    const changes = (moment.tz.zone(name)?.untils ?? []).filter(
      (until) => until !== null && until > Date.UTC(1990, 0, 1) && until < Date.UTC(2037, 0, 1),
    );
    const around = changes.length === 0 ? [Date.UTC(2020, 0, 1)] : changes;
    return fc
      .tuple(fc.constantFrom(...around), fc.integer({ min: -180, max: 180 }))
      .map(([at, minutes]) => at + minutes * 60_000);
  }),
);

const TOKENS =
  'M Mo MM MMM MMMM Q Qo D Do DD DDD DDDo DDDD d do dd ddd dddd e E w wo ww W Wo WW YY YYYY YYYYYY Y y N NNNN gg gggg GG GGGG a A H HH h hh k kk Hmm hmmss m mm s ss S SS SSS SSSS SSSSSS SSSSSSSSS z zz Z ZZ X x L LT LTS LL LLL LLLL l ll lll llll [at] [YYYY] \\Y \\\\D - / : T . ,'.split(
    ' ',
  );

const pattern = fc.array(fc.constantFrom(...TOKENS), { minLength: 1, maxLength: 6 }).map((pieces) => pieces.join(' '));

describe('dates', () => {
  test('are formatted as moment formats them', () => {
    fc.assert(
      fc.property(time, zone, pattern, (at, name, format) => {
        expect(call('formatDate', [new Date(at), format, name])).toBe(moment.tz(at, name).format(format));
      }),
      { numRuns: 1000 },
    );
  });

  test.each(TOKENS)('%s is formatted as moment formats it', (token) => {
    for (const year of [1980, 1999, 2000, 2008, 2015, 2020, 2024, 2027]) {
      for (let day = 0; day < 370; day += 11) {
        const at = Date.UTC(year, 0, 1 + day, day % 24, day % 60, (day * 7) % 60, (day * 13) % 1000);
        expect(call('formatDate', [new Date(at), token, 'Europe/Prague'])).toBe(
          moment.tz(at, 'Europe/Prague').format(token),
        );
      }
    }
  });

  test('show the abbreviation of every zone', () => {
    const wrong: string[] = [];
    for (const name of moment.tz.names()) {
      for (const at of [Date.UTC(2024, 0, 15), Date.UTC(2024, 6, 15)]) {
        const own = call('formatDate', [new Date(at), 'z Z', name]);
        if (own !== moment.tz(at, name).format('z Z'))
          wrong.push(`${name} ${own} ${moment.tz(at, name).format('z Z')}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  const FORMATS = [
    'YYYY-MM-DD',
    'YYYY-MM-DD HH:mm',
    'YYYY-MM-DDTHH:mm:ss.SSSZ',
    'DD.MM.YYYY HH:mm:ss',
    'MM/DD/YYYY hh:mm A',
    'D MMM YYYY',
    'dddd, MMMM Do YYYY, h:mm:ss a',
    'YYYYMMDDHHmmss',
    'YY-M-D H:m',
    'GGGG-[W]WW-E',
    'gggg ww',
    'YYYY DDDD',
    'YYYY-Q',
    'X',
    'x',
    'HH:mm',
    'MM-DD',
    'L LT',
    'LLLL',
    'ddd MMM DD YYYY kk:mm ZZ',
    'Y hmm a',
  ];

  test('are parsed as moment parses them, in the formats that they were written in', () => {
    fc.assert(
      fc.property(time, zone, zone, fc.constantFrom(...FORMATS), (at, from, into, format) => {
        const text = moment.tz(at, from).format(format);
        expect(call('parseDate', [text, format], into)).toEqual(parsed(text, format, into));
      }),
      { numRuns: 1000 },
    );
  });

  test('are parsed as moment parses them, in any format', () => {
    const word = fc.constantFrom(
      '2024',
      '12',
      '31',
      '30',
      'Feb',
      'March',
      'monday',
      'pm',
      '7',
      '007',
      '24:00',
      '12:59:60',
      'Z',
      '+05:30',
      '-',
      ' ',
      'x',
      '99',
      '366',
      '1st',
    );
    fc.assert(
      fc.property(
        fc.array(word, { minLength: 1, maxLength: 6 }),
        fc.constantFrom(...FORMATS),
        zone,
        (words, format, name) => {
          const text = words.join(' ');
          expect([text, format, call('parseDate', [text, format], name)]).toEqual([
            text,
            format,
            parsed(text, format, name),
          ]);
        },
      ),
      { numRuns: 2000 },
    );
  });

  test('are recognized as moment recognizes ISO 8601 and RFC 2822', () => {
    const formats = [
      'YYYY-MM-DD',
      'YYYY-MM',
      'YYYY-MM-DDTHH',
      'YYYY-MM-DDTHH:mm',
      'YYYY-MM-DD HH:mm:ss',
      'YYYY-MM-DDTHH:mm:ss.SSS[Z]',
      'YYYY-MM-DDTHH:mm:ss,SSSSSSZ',
      'YYYYMMDD[T]HHmmssZZ',
      'GGGG-[W]WW-E',
      'GGGG[W]WWE',
      'YYYY-DDDD',
      'YYYYDDDD',
      'YYYYMM',
      'YYYY',
      'ddd, DD MMM YYYY HH:mm:ss ZZ',
      'D MMM YY HH:mm [GMT]',
      'DD MMM YYYY HH:mm:ss [EST]',
    ];
    fc.assert(
      fc.property(time, zone, zone, fc.constantFrom(...formats), (at, from, into, format) => {
        const text = moment.tz(at, from).format(format);
        expect([text, call('parseDate', [text], into)]).toEqual([text, parsed(text, undefined, into)]);
      }),
      { numRuns: 1000 },
    );
  });

  test.each([
    '',
    'tomorrow',
    '2024-02-30',
    '2024-13-01',
    '2024-01-01T25:00',
    '2024-W60',
    '2024-366',
    '2023-366',
    '1482940986',
    '2024-02-29T24:00',
    'Tue, 29 Feb 2024 10:00:00 GMT',
  ])('the text %j is no date, or one, as for moment', (text) => {
    if (text !== '') expect(call('parseDate', [text])).toEqual(parsed(text, undefined, 'UTC'));
  });

  const UNITS = ['second', 'minute', 'hour', 'day', 'month', 'year'] as const;

  test('are added to as moment adds to them', () => {
    const amount = fc.oneof(fc.integer({ min: -50, max: 50 }), fc.constantFrom(1.5, -1.5, 0.4));
    fc.assert(
      fc.property(time, zone, fc.constantFrom(...UNITS), amount, (at, name, unit, many) => {
        const own = call(`add${unit[0]?.toUpperCase()}${unit.slice(1)}s`, [new Date(at), many], name);
        expect(own).toEqual(moment.tz(at, name).add(many, unit).toDate());
      }),
      { numRuns: 1000 },
    );
  });

  test('are set as moment sets them', () => {
    const setters = [
      ['setSecond', (date, value) => date.second(value)],
      ['setMinute', (date, value) => date.minute(value)],
      ['setHour', (date, value) => date.hour(value)],
      ['setDate', (date, value) => date.date(value)],
      ['setDay', (date, value) => date.day(value - 1)],
      ['setMonth', (date, value) => date.month(value - 1)],
      ['setYear', (date, value) => date.year(value + 2000)],
    ] as const satisfies readonly (readonly [string, (date: moment.Moment, value: number) => moment.Moment])[];
    fc.assert(
      fc.property(
        time,
        zone,
        fc.constantFrom(...setters),
        fc.integer({ min: -40, max: 80 }),
        (at, name, [setter, oracle], value) => {
          const own = call(setter, [new Date(at), setter === 'setYear' ? value + 2000 : value], name);
          expect(own).toEqual(oracle(moment.tz(at, name), value).toDate());
        },
      ),
      { numRuns: 1000 },
    );
  });

  test.each(['monday', 'Tue', 'sa', 'SUNDAY'])('setDay knows %s as moment does', (day) => {
    expect(call('setDay', [new Date(NOW), day])).toEqual(moment.utc(NOW).day(day).toDate());
  });

  test.each(['january', 'Feb', 'DECEMBER'])('setMonth knows %s as moment does', (month) => {
    expect(call('setMonth', [new Date(NOW), month])).toEqual(moment.utc(NOW).month(month).toDate());
  });

  test('differ by what moment says, in elapsed units', () => {
    fc.assert(
      fc.property(time, time, (one, other) => {
        const [start, end] = one < other ? [one, other] : [other, one];
        for (const [unit, name] of [
          ['D', 'days'],
          ['H', 'hours'],
          ['m', 'minutes'],
          ['s', 'seconds'],
        ] as const) {
          expect(call('dateDiff', [new Date(end), new Date(start), unit])).toBe(
            moment.utc(end).diff(moment.utc(start), name),
          );
        }
      }),
      RUNS,
    );
  });
});

/** Reads a date with moment-timezone, at the moment that the tests take for now. */
function parsed(text: string, format: string | undefined, name: string): Date {
  const before = moment.now;
  const warn = moment.suppressDeprecationWarnings;
  moment.now = () => Date.parse(NOW);
  moment.suppressDeprecationWarnings = true;
  try {
    const formats = [moment.ISO_8601, moment.RFC_2822];
    return format === undefined ? moment.tz(text, formats, name).toDate() : moment.tz(text, format, name).toDate();
  } finally {
    moment.now = before;
    moment.suppressDeprecationWarnings = warn;
  }
}

describe('numbers', () => {
  const number = fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e15, max: 1e15 });

  test('are added as decimals', () => {
    fc.assert(
      fc.property(fc.array(number, { minLength: 1, maxLength: 8 }), (numbers) => {
        const sum = Decimal.sum(...numbers);
        expect(call('sum', numbers)).toBe(numbers.reduce((total, each) => total.plus(each), new Decimal(0)).toNumber());
        expect(call('average', [numbers])).toBe(
          new Decimal(call('sum', numbers) as number).div(numbers.length).toNumber(),
        );
        expect(sum.isFinite()).toBe(true);
      }),
      RUNS,
    );
  });

  test('are cut and written as decimals', () => {
    fc.assert(
      fc.property(number, fc.integer({ min: 0, max: 12 }), (value, decimals) => {
        expect(call('trunc', [value, decimals])).toBe(
          decimals === 0
            ? Math.trunc(value)
            : new Decimal(value).toDecimalPlaces(decimals, Decimal.ROUND_DOWN).toNumber(),
        );
        const written = call('formatNumber', [value, decimals, '.', '']);
        const oracle = new Decimal(value).toFixed(decimals);
        expect(written).toBe(/[1-9]/.test(oracle) ? oracle : oracle.replace('-', ''));
      }),
      RUNS,
    );
  });

  test('are read again as they were written', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e12, max: 1e12 }), (cents) => {
        const value = new Decimal(cents).div(100).toNumber();
        expect(call('parseNumber', [call('formatNumber', [value, 2]), ','])).toBe(value === 0 ? 0 : value);
      }),
      RUNS,
    );
  });
});

describe('bytes', () => {
  test('are hashed as node:crypto hashes them', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme' }),
        fc.string(),
        fc.constantFrom('sha1', 'sha256', 'sha512'),
        (text, key, name) => {
          expect(call(name, [text])).toBe(createHash(name).update(text).digest('hex'));
          expect(call(name, [text, 'base64', key])).toBe(createHmac(name, key).update(text).digest('base64'));
          expect(call('md5', [text])).toBe(createHash('md5').update(text).digest('hex'));
        },
      ),
      RUNS,
    );
  });

  test('come back from base64', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        const text = call('base64', [bytes]);
        expect(call('toBinary', [text, 'base64'])).toEqual(Buffer.from(bytes));
        expect(call('base64url', [text])).toBe(Buffer.from(bytes).toString('base64url'));
      }),
      RUNS,
    );
  });
});

describe('signatures', () => {
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const curves = { ES256: 'P-256', ES384: 'P-384', ES512: 'P-521' } as const;

  test.each(['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512'])(
    'of %s are verified',
    (algorithm) => {
      const curve = curves[algorithm as keyof typeof curves];
      const pair = curve === undefined ? rsa : generateKeyPairSync('ec', { namedCurve: curve });
      const pem = pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
      const token = call('jwt', [{ sub: '1' }, pem, algorithm]) as string;
      const [header = '', payload = '', signature = ''] = token.split('.');
      expect(JSON.parse(Buffer.from(header, 'base64url').toString())).toEqual({ alg: algorithm, typ: 'JWT' });
      expect(JSON.parse(Buffer.from(payload, 'base64url').toString())).toEqual({ sub: '1' });
      const options =
        curve === undefined
          ? algorithm.startsWith('PS')
            ? { padding: 6, saltLength: -1 }
            : {}
          : { dsaEncoding: 'ieee-p1363' as const };
      const key = { key: createPublicKey(pem), ...options };
      expect(
        verify(
          `sha${algorithm.slice(2)}`,
          Buffer.from(`${header}.${payload}`),
          key,
          Buffer.from(signature, 'base64url'),
        ),
      ).toBe(true);
    },
  );

  test.each([
    [300, 300],
    // As in jsonwebtoken 9: a text of a bare number is in milliseconds, and M is a minute as m is.
    ['120', 0],
    ['5000', 5],
    ['1M', 60],
    ['1h', 3600],
  ])('with expiresIn %j expire after %d seconds', (expiresIn, seconds) => {
    const token = call('jwt', [{ iat: 1_516_239_022 }, 'k', 'HS256', { expiresIn }]) as string;
    const { iat, exp } = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
    expect(exp - iat).toBe(seconds);
  });

  test('of cryptoSign are verified', () => {
    const pem = rsa.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    const signature = call('cryptoSign', ['RSA-SHA256', 'data', pem, 'base64']) as string;
    expect(verify('sha256', Buffer.from('data'), rsa.publicKey, Buffer.from(signature, 'base64'))).toBe(true);
  });
});
