import { Make } from '@makehq/sdk';
import { expect, test } from 'vitest';
import { connection, platform, projectAt } from './team.ts';

const SECTIONS = ['api', 'parameters', 'scope', 'scopes', 'install', 'installSpec'] as const;

test('Make’s own client reads what was pushed, and finds it equal', async () => {
  const harness = await platform();
  const texts = {
    api: '{\r\n\t// é, tabs and carriage returns\r\n\t"url": "https://api.acme.test/me"\r\n}',
    parameters: '[ ]\n\n',
    scopes: '{"a": "A"}',
  };
  const schema = '{"type": "object", "properties": {"key": {"type": "string"}}}';
  const project = projectAt(harness, {
    ...connection('one', texts),
    ...connection('two'),
    'connections/one/common.schema.json': schema,
    'connections/one/common.local.json': '{"key": "a value"}',
  });
  expect((await project.run('push')).code).toBe(0);
  const { app, connections } = project.json('.connector/origins.json').harness;
  const make = new Make(harness.token, new URL(harness.url).host);
  make.protocol = 'http';
  const listed = await make.sdk.connections.list(app);
  expect(listed.map(({ name, label }) => [name, label])).toEqual([
    [connections.one, 'one'],
    [connections.two, 'two'],
  ]);
  const read = async (section: (typeof SECTIONS)[number]) =>
    String(await make.sdk.connections.getSection(connections.one, section));
  for (const [section, text] of Object.entries(texts)) expect(await read(section as 'api')).toBe(text);
  expect(await Promise.all(['scope', 'install', 'installSpec'].map((section) => read(section as 'scope')))).toEqual([
    '[]',
    '{}',
    '[]',
  ]);
  expect(await make.sdk.connections.getCommon(connections.one)).toEqual({ key: 'a value' });
  await make.sdk.connections.setSection(connections.one, 'scope', '["theirs"]');
  await make.sdk.connections.update(connections.two, { label: 'Two' });
  expect((await project.run('pull')).data.written).toEqual([{ connection: 'two', part: 'label', how: 'theirs' }]);
  expect(project.json('connections/two/connection.json').label).toBe('Two');
});

test('an unchanged push of a hundred connections asks three times, and one change once more for each thing', async () => {
  const harness = await platform();
  const ids = Array.from({ length: 100 }, (_, index) => `c${index}`);
  const project = projectAt(harness, Object.assign({}, ...ids.map((id) => connection(id))));
  expect((await project.run('push')).code).toBe(0);
  const counted = async () => {
    await harness.faults.add({ effect: 'latency', milliseconds: 0, platform: 'make' });
    expect((await project.run('push')).code).toBe(0);
    const [counter] = await harness.faults.list();
    await harness.faults.clear();
    return counter?.seen;
  };
  expect(await counted()).toBe(3);
  project.write('connections/c7/api.jsonc', '{ "url": "https://api.acme.test/other" }');
  // The three, a last look at what is written over, the new text, and the checksums that prove it.
  expect(await counted()).toBe(6);
});
