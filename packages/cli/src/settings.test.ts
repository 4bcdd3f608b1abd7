import { ConnectorError, type Files } from '@connectorkit/sdk';
import { describe, expect, test } from 'vitest';
import { type OriginChoice, resolveOrigin, runningHarness } from './settings.ts';

const make = { url: 'https://eu1.make.com/api/v2/', app: 'my-app-x1', version: 1 };
const harness = { url: 'http://127.0.0.1:4600', token: 'local', pid: 7 };
const choice = (given: Partial<OriginChoice>): OriginChoice => ({
  environment: {},
  project: { origins: {} },
  ...given,
});

function refusal(given: Partial<OriginChoice>) {
  try {
    resolveOrigin(choice(given));
  } catch (error) {
    if (error instanceof ConnectorError) return { kind: error.kind, code: error.diagnostics[0]?.code };
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('where a command talks to', () => {
  const project = { origins: { make, staging: { url: 'https://staging.example.com' } } };
  const environment = { CONNECTOR_TOKEN: 'any' };

  test('the flag comes first, then the environment', () => {
    const both = { ...environment, CONNECTOR_ORIGIN: 'staging' };
    expect(resolveOrigin(choice({ flag: 'make', environment: both, project })).name).toBe('make');
    expect(resolveOrigin(choice({ environment: both, project })).name).toBe('staging');
  });

  test('then the only origin of the project, and the harness does not count', () => {
    const one = { origins: { make, harness: { app: 'local-app' } } };
    expect(resolveOrigin(choice({ environment, project: one, harness }))).toEqual({
      ...make,
      name: 'make',
      url: 'https://eu1.make.com/api/v2',
      token: 'any',
      local: false,
    });
  });

  test('then the harness, with what was recorded for it', () => {
    const recorded = { origins: { harness: { app: 'local-app' } } };
    expect(resolveOrigin(choice({ project: recorded, harness }))).toEqual({
      name: 'harness',
      app: 'local-app',
      url: harness.url,
      token: 'local',
      local: true,
    });
  });

  test('only origins that fit count, where a command says which do', () => {
    const fits = ({ platform }: { platform?: string }) => platform === 'other';
    const two = { origins: { make, customers: { platform: 'other', url: 'https://other.example.com' } } };
    expect(resolveOrigin(choice({ environment, project: two, fits })).name).toBe('customers');
    expect(resolveOrigin(choice({ environment, project: { origins: { make } }, fits, harness })).name).toBe('harness');
  });

  test('one of several has to be chosen', () => {
    expect(refusal({ environment, project })).toEqual({ kind: 'usage', code: 'usage/missing' });
  });

  test('what is not there is refused', () => {
    expect(refusal({ flag: 'mak', project })).toEqual({ kind: 'usage', code: 'origin/unknown' });
    expect(refusal({ flag: '__proto__', project })).toEqual({ kind: 'usage', code: 'origin/unknown' });
    expect(refusal({})).toEqual({ kind: 'network', code: 'harness/not-running' });
    expect(refusal({ flag: 'make', project, harness })).toEqual({ kind: 'auth', code: 'origin/no-token' });
  });

  test('the token of the origin comes before the one for all, and that before the harness’s own', () => {
    const tokens = { CONNECTOR_TOKEN: 'any', CONNECTOR_TOKEN_MAKE_EU: 'eu' };
    const eu = { origins: { 'make-eu': make } };
    expect(resolveOrigin(choice({ environment: tokens, project: eu })).token).toBe('eu');
    expect(resolveOrigin(choice({ environment: tokens, harness })).token).toBe('any');
    expect(resolveOrigin(choice({ environment: { CONNECTOR_TOKEN: '' }, harness })).token).toBe('local');
  });
});

describe('the running harness', () => {
  const reading = (text: string | undefined): Files => ({
    read: (path) => (path === '.connector/harness.json' ? text : undefined),
    list: () => [],
    write: () => {},
    rename: () => {},
  });

  test('is what its file says, while its process lives', () => {
    const files = reading(JSON.stringify({ ...harness, started: 'today' }));
    expect(runningHarness(files, () => true)).toEqual(harness);
    expect(runningHarness(files, () => false)).toBeUndefined();
    expect(runningHarness(reading(JSON.stringify({ ...harness, pid: process.pid })))?.pid).toBe(process.pid);
  });

  test.each([undefined, '', '{', 'null', '[]', '{"url":"x","token":"y"}', '{"url":"x","token":"y","pid":-1}'])(
    'is none when the file holds %j',
    (text) => {
      expect(runningHarness(reading(text), () => true)).toBeUndefined();
    },
  );
});
