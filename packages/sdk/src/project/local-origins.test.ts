import { describe, expect, test } from 'vitest';
import { memoryRecords } from '../../test/memory-records.ts';
import { memoryFiles } from './files.ts';
import { openProject } from './index.ts';
import type { Base } from './project.ts';

const NAMES = { app: 'acme-ab12cd', version: 1, connections: { main: 'acme-ab12cd1' } };
const BASE: Base = { main: { api: 'sha256-x' } };

/** A project in each layout, whose tracked files say nothing of the harness. */
const LAYOUTS = {
  native: { 'connector.json': '{"name": "acme", "origins": {"prod": {"zone": "eu1"}, "dev": {"platform": "make"}}}\n' },
  make: { 'makecomapp.json': '{"components": {"connection": {}}, "origins": []}\n' },
  'make, converted': {
    'makecomapp.json': '{"components": {"connection": {}}, "origins": []}\n',
    'connector.json': '{"layout": "make", "name": "acme", "origins": {"prod": {"zone": "eu1"}, "dev": {}}}\n',
  },
} as const;

describe.each(Object.entries(LAYOUTS))('in the layout %s', (_, tracked) => {
  const changed = ({ texts }: ReturnType<typeof memoryFiles>) =>
    [...texts].filter(([path, text]) => (tracked as Record<string, string>)[path] !== text).map(([path]) => path);

  test('how the harness calls things is kept on this machine alone, and forgotten there', () => {
    const files = { ...memoryFiles(tracked), local: memoryRecords() };
    openProject(files).record('harness', NAMES, BASE);
    const project = openProject(files);
    expect([project.origins.harness, project.base('harness')]).toEqual([NAMES, BASE]);
    project.record('harness', undefined, {});
    expect([...files.local.records.keys()].sort()).toEqual(['lock', 'origins']);
    expect(openProject(files).origins.harness).toBeUndefined();
    expect(openProject(files).base('harness')).toEqual({});
    expect(changed(files)).toEqual([]);
  });

  test('where nothing is kept on this machine, the project’s files say nothing of the harness either', () => {
    const files = memoryFiles(tracked);
    openProject(files).record('harness', NAMES, BASE);
    expect([openProject(files).origins.harness, openProject(files).base('harness')]).toEqual([undefined, {}]);
    expect(changed(files)).toEqual([]);
  });
});

test.each(['native', 'make, converted'] as const)('%s: so it is of an origin that has no address', (layout) => {
  const files = { ...memoryFiles(LAYOUTS[layout]), local: memoryRecords() };
  const before = openProject(files).origins.dev;
  openProject(files).record('dev', NAMES, BASE);
  expect(files.read('connector.json')).toBe(LAYOUTS[layout]['connector.json']);
  expect(openProject(files).origins.dev).toEqual({ ...before, ...NAMES });
});

test.each(['native', 'make, converted'] as const)('%s: names of an origin with an address are tracked', (layout) => {
  const files = { ...memoryFiles(LAYOUTS[layout]), local: memoryRecords() };
  openProject(files).record('prod', NAMES, BASE);
  expect(JSON.parse(files.read('connector.json') ?? '').origins.prod).toEqual({ zone: 'eu1', ...NAMES });
  expect(openProject(files).origins.prod).toEqual({ zone: 'eu1', ...NAMES });
  expect([...files.local.records]).toEqual([]);
  openProject(files).record('prod', undefined, {});
  expect(JSON.parse(files.read('connector.json') ?? '').origins.prod).toEqual({ zone: 'eu1' });
});

test('names that an earlier version wrote into connector.json count until this machine has its own', () => {
  const text = JSON.stringify({ name: 'acme', origins: { harness: { ...NAMES, app: 'acme-tracked' } } });
  const files = { ...memoryFiles({ 'connector.json': text }), local: memoryRecords() };
  expect(openProject(files).origins.harness).toEqual({ ...NAMES, app: 'acme-tracked' });
  openProject(files).record('harness', NAMES, BASE);
  expect(openProject(files).origins.harness).toEqual(NAMES);
  expect(files.read('connector.json')).toBe(text);
});

test.each([
  ['an address', { harness: { ...NAMES, url: 'https://elsewhere.acme.test' } }],
  ['a file with a token', { harness: { ...NAMES, tokenFile: '/etc/hostname' } }],
  ['names that are none', { harness: { app: 7, version: 1, connections: {} } }],
  ['names for an origin that has an address', { prod: NAMES }],
  ['another origin', { other: NAMES }],
])('nothing is taken from what this machine keeps but names: %s', (_, origins) => {
  const files = { ...memoryFiles(LAYOUTS.native), local: memoryRecords({ origins }) };
  expect(openProject(files).origins).toEqual({ prod: { zone: 'eu1' }, dev: { platform: 'make' } });
});
