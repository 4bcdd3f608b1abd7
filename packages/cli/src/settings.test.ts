import { ConnectorError } from '@connectorkit/sdk';
import { describe, expect, test } from 'vitest';
import type { Content } from './local-state/index.ts';
import { recordedHarness } from './running-harness.ts';
import { findOrigin, type OriginChoice } from './settings.ts';

const make = { url: 'https://eu1.make.com/api/v2/', app: 'my-app-x1', version: 1 };
const harness = { url: 'http://127.0.0.1:4600', token: 'local', control: 'own', pid: 7 };
const choice = (given: Partial<OriginChoice>): OriginChoice => ({
  environment: {},
  project: { origins: {} },
  ...given,
});

function refusal(given: Partial<OriginChoice>) {
  try {
    findOrigin(choice(given));
  } catch (error) {
    if (error instanceof ConnectorError) return { kind: error.kind, code: error.diagnostics[0]?.code };
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('where a command talks to', () => {
  const project = { origins: { make, staging: { url: 'https://staging.example.com' } } };

  test('the flag comes first, then the environment', () => {
    const both = { CONNECTOR_ORIGIN: 'staging' };
    expect(findOrigin(choice({ flag: 'make', environment: both, project })).name).toBe('make');
    expect(findOrigin(choice({ environment: both, project })).name).toBe('staging');
  });

  test('then the only origin of the project, and the harness does not count', () => {
    const one = { origins: { make, harness: { app: 'local-app' } } };
    expect(findOrigin(choice({ project: one, harness }))).toEqual({
      ...make,
      name: 'make',
      url: 'https://eu1.make.com/api/v2',
      local: false,
    });
  });

  test('then the harness, with what was recorded for it', () => {
    const recorded = { origins: { harness: { app: 'local-app' } } };
    expect(findOrigin(choice({ project: recorded, harness }))).toEqual({
      name: 'harness',
      app: 'local-app',
      url: harness.url,
      local: true,
    });
  });

  test('only origins that fit count, where a command says which do', () => {
    const fits = ({ platform }: { platform?: string }) => platform === 'workato';
    const two = { origins: { make, customers: { platform: 'workato', url: 'https://other.example.com' } } };
    expect(findOrigin(choice({ project: two, fits })).name).toBe('customers');
    expect(findOrigin(choice({ project: { origins: { make } }, fits, harness })).name).toBe('harness');
  });

  test('one of several has to be chosen', () => {
    expect(refusal({ project })).toEqual({ kind: 'usage', code: 'usage/missing' });
  });

  test('what is not there is refused', () => {
    expect(refusal({ flag: 'mak', project })).toEqual({ kind: 'usage', code: 'origin/unknown' });
    expect(refusal({ flag: '__proto__', project })).toEqual({ kind: 'usage', code: 'origin/unknown' });
    expect(refusal({})).toEqual({ kind: 'network', code: 'harness/not-running' });
  });

  test('a zone stands for its URL, and a host alone for the API on it', () => {
    const url = (origin: object) => findOrigin(choice({ project: { origins: { make: origin } } })).url;
    expect(url({ zone: 'us2' })).toBe('https://us2.make.com/api/v2');
    expect(url({ platform: 'workato', zone: 'eu' })).toBe('https://app.eu.workato.com');
    expect(url({ url: 'https://make.example.com' })).toBe('https://make.example.com/api/v2');
    expect(() => url({ zone: 'us3' })).toThrow(/not a zone of Make/);
    expect(() => url({ url: 'eu1.make.com' })).toThrow(/not the URL of an API/);
    expect(() => url({ url: 'ftp://eu1.make.com' })).toThrow(/not the URL of an API/);
  });
});

describe('the running harness', () => {
  const reading = (content: Content | undefined) => ({ read: () => content });

  test('is what was written down of it, while its process lives', () => {
    const state = reading({ ...harness, started: 'today' });
    expect(recordedHarness(state, () => true)).toEqual(harness);
    expect(recordedHarness(state, () => false)).toBeUndefined();
    expect(recordedHarness(reading({ ...harness, pid: process.pid }))?.pid).toBe(process.pid);
  });

  test.each([
    undefined,
    {},
    { url: 'http://127.0.0.1', token: 'y', control: 'z' },
    { url: 'http://127.0.0.1', token: 'y', control: 'z', pid: -1 },
    { url: 'x', token: 'y', control: 'z', pid: 1 },
  ])('is none when %j was written down', (content) => {
    expect(recordedHarness(reading(content), () => true)).toBeUndefined();
  });
});
