import { describe, expect, test } from 'vitest';
import { ConnectorError } from '../diagnostics.ts';
import { writeExactly } from '../exact-numbers.ts';
import { commonValues, credentialKeys, exactCommonValues, keepCommon, secretKeys } from './common.ts';
import { memoryFiles } from './files.ts';
import { openProject } from './index.ts';

const SECRET = 'hunter2-hunter2';

const SCHEMA = {
  type: 'object',
  properties: {
    clientId: { type: 'string', pattern: '^[a-z-]+$' },
    clientSecret: { type: 'string', writeOnly: true, minLength: 8 },
    token: { type: 'string', format: 'password' },
    retries: { type: 'integer', minimum: 1, maximum: 9 },
    ratio: { type: 'number' },
    sandbox: { type: 'boolean' },
    regions: { type: 'array', items: { enum: ['eu', 'us'] } },
    proxy: { type: 'object', properties: { port: { type: 'integer' } }, required: ['port'] },
  },
  required: ['clientSecret'],
  additionalProperties: false,
};

function project(local?: string) {
  return openProject(
    memoryFiles({
      'connector.json': '{"name": "acme"}',
      'connections/acme/connection.json': '{"type": "oauth"}',
      'connections/acme/common.schema.json': JSON.stringify(SCHEMA),
      ...(local === undefined ? {} : { 'connections/acme/common.local.json': local }),
    }),
  );
}

function values(local: object | undefined, environment: Readonly<Record<string, string>> = {}) {
  const opened = project(local === undefined ? undefined : JSON.stringify(local, undefined, 2));
  const [connection] = opened.connections;
  if (connection === undefined) throw new Error('There is no connection.');
  const prefixed = Object.entries(environment).map(([key, value]) => [`CONNECTOR_COMMON_ACME_${key}`, value]);
  return commonValues(opened, connection, Object.fromEntries(prefixed));
}

function problems(...args: Parameters<typeof values>) {
  try {
    values(...args);
  } catch (error) {
    if (error instanceof ConnectorError) return error.diagnostics;
    throw error;
  }
  return [];
}

test('the schema says which values are secrets', () => {
  expect(project().connections.map(secretKeys)).toEqual([['clientSecret', 'token']]);
});

test('a name says so as well, and by it the credentials are found', () => {
  const properties = { account: { type: 'string' }, apiToken: { type: 'string' } };
  const [connection] = openProject(
    memoryFiles({
      'connector.json': '{"name": "acme"}',
      'connections/acme/connection.json': '{"type": "apikey"}',
      'connections/acme/common.schema.json': JSON.stringify({ type: 'object', properties }),
    }),
  ).connections;
  if (connection === undefined) throw new Error('There is no connection.');
  expect(secretKeys(connection)).toEqual(['apiToken']);
  expect(credentialKeys(connection)).toEqual({ clientId: 'account', clientSecret: 'apiToken' });
});

test('there may be none', () => expect(values(undefined)).toBeUndefined());

test('variables are read as the types that the schema declares', () => {
  const environment = {
    CLIENT_SECRET: '12345678',
    RETRIES: '3',
    RATIO: '0.5',
    SANDBOX: 'false',
    REGIONS: '["eu"]',
    PROXY: '{"port": 80}',
  };
  expect(values({ clientSecret: 'x', clientId: 'an-id' }, environment)).toEqual({
    clientId: 'an-id',
    clientSecret: '12345678',
    retries: 3,
    ratio: 0.5,
    sandbox: false,
    regions: ['eu'],
    proxy: { port: 80 },
  });
});

describe('values that break the schema', () => {
  test('are reported all at once, with their places', () => {
    const reported = problems({ clientId: SECRET, clientSecret: 'short', retries: 12, region: 'x', proxy: {} });
    expect(reported.map(({ code, path, line }) => `${code} ${path?.join('.')} ${line}`)).toEqual([
      'value/limit clientId 2',
      'value/limit clientSecret 3',
      'value/limit retries 4',
      'value/limit region 5',
      'value/missing proxy.port 6',
    ]);
    expect(reported.every(({ file }) => file === 'connections/acme/common.local.json')).toBe(true);
  });

  test('are reported with the variable that they came from', () => {
    const reported = problems({ clientSecret: SECRET }, { RETRIES: 'many', SANDBOX: 'yes', REGIONS: '[' });
    expect(reported.map(({ code, hint, file }) => `${code} ${file} ${hint?.split(';')[0]}`)).toEqual([
      'value/type undefined Correct CONNECTOR_COMMON_ACME_RETRIES',
      'value/type undefined Correct CONNECTOR_COMMON_ACME_SANDBOX',
      'value/type undefined Correct CONNECTOR_COMMON_ACME_REGIONS',
    ]);
  });

  test('that are missing are reported with the variable that gives them', () => {
    expect(problems({ retries: 1 })).toMatchObject([
      {
        code: 'value/missing',
        path: ['clientSecret'],
        hint: expect.stringContaining('CONNECTOR_COMMON_ACME_CLIENT_SECRET'),
      },
    ]);
  });

  test('are never shown', () => {
    const reported = problems(
      { clientId: SECRET, retries: SECRET, regions: [SECRET], proxy: SECRET },
      { TOKEN: SECRET, RATIO: SECRET },
    );
    expect(reported.length).toBeGreaterThan(4);
    expect(JSON.stringify(reported)).not.toContain('hunter2');
  });
});

test('numbers that a double cannot hold keep their digits on the way to the platform', () => {
  const long = '1234567890123456789012345678901234567890';
  const files = memoryFiles({
    'connector.json': '{"name": "acme"}',
    'connections/acme/connection.json': '{"type": "oauth"}',
    'connections/acme/common.schema.json': '{"properties": {"b": {"type": "integer"}, "c": {"type": "object"}}}',
    'connections/acme/common.local.json': `{"a": ${long}, "d": [0.10000000000000000000000001], "e": 2.50}`,
  });
  const opened = openProject(files);
  const [connection] = opened.connections;
  if (connection === undefined) throw new Error('There is no connection.');
  const environment = { CONNECTOR_COMMON_ACME_B: long, CONNECTOR_COMMON_ACME_C: `{"f": -${long}}` };
  const sent = writeExactly(exactCommonValues(opened, connection, environment));
  expect(sent).toBe(`{"a":${long},"d":[0.10000000000000000000000001],"e":2.5,"b":${long},"c":{"f":-${long}}}`);
  // What calculates has numbers.
  expect(commonValues(opened, connection, environment)).toEqual({
    a: Number(long),
    d: [0.1],
    e: 2.5,
    b: Number(long),
    c: { f: -Number(long) },
  });
  const kept = keepCommon(opened, connection, exactCommonValues(opened, connection, environment) ?? {}, { all: true });
  expect(files.read(kept)).toContain(`"f": -${long}`);
});
