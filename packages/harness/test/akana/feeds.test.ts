import { Worker } from 'node:worker_threads';
import { type Feed as AkanaFeed, feedFromXML } from '@connectorkit/sdk/platforms/akana';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { toXML } from '../../src/platforms/akana/rss.ts';
import { canonical } from '../xml.ts';
import { API_VERSION, APP_VERSION, contract, FEED, GIVEN, start } from './tenant.ts';

/** What can stand in XML; what cannot is tried by itself. */
const text = fc
  .string({ unit: 'binary', maxLength: 20 })
  .map((each) => each.replace(/[\p{Cs}\ufffe\uffff]|[^\P{Cc}\t\n\r\u007f-\u009f]/gu, ''));
const category = fc.record({ value: text, domain: text });
const item = fc.record(
  {
    title: text,
    description: text,
    pubDate: text,
    category: fc.array(category, { maxLength: 3 }),
    guid: fc.record({ value: text }),
    EntityReferences: fc.record({
      EntityReference: fc.array(
        fc.record(
          { Title: text, Guid: text, Category: fc.array(category, { maxLength: 2 }) },
          { requiredKeys: ['Guid', 'Category'] },
        ),
        { maxLength: 2 },
      ),
    }),
    Image: fc.array(fc.record({ Url: text, Title: text, Link: text }), { minLength: 1, maxLength: 2 }),
    Endpoints: fc.array(fc.record({ Category: text, Uri: text }), { maxLength: 2 }),
    Actions: fc.array(fc.record({ value: text, label: text }), { maxLength: 2 }),
  },
  { requiredKeys: ['title', 'category', 'guid'] },
);
const feed: fc.Arbitrary<AkanaFeed> = fc.record({
  channel: fc.record(
    { title: text, totalResults: fc.nat(), item: fc.array(item, { maxLength: 3 }) },
    { requiredKeys: ['title', 'item'] },
  ),
  version: fc.constant('1.0'),
});

test('XML → model → XML and model → XML → model lose nothing', () => {
  fc.assert(
    fc.property(feed, (model) => {
      const written = toXML(model);
      const read = feedFromXML(written);
      expect(read).toEqual(model);
      expect(canonical(toXML(read))).toEqual(canonical(written));
    }),
    { numRuns: 300 },
  );
});

test('prefixes do not count, namespaces do', () => {
  const written = (image: string, namespace: string) =>
    `<rss version="1.0" xmlns:zz="${namespace}"><channel><title>t</title><item><title>a</title><guid>a</guid>${image}</item></channel></rss>`;
  const image = '<zz:Image><Url>u</Url><Title>api</Title><Link>l</Link></zz:Image>';
  const read = feedFromXML(written(image, 'http://soa.com/xsd/rss/1.0')).channel.item[0];
  expect(read?.Image).toEqual([{ Url: 'u', Title: 'api', Link: 'l' }]);
  expect(feedFromXML(written(image, 'http://elsewhere.example')).channel.item[0]).not.toHaveProperty('Image');
  const own =
    '<Image xmlns="http://soa.com/xsd/rss/1.0"><Url xmlns="">u</Url><Title xmlns="">api</Title><Link xmlns="">l</Link></Image>';
  expect(feedFromXML(written(own, 'x')).channel.item[0]?.Image?.[0]?.Url).toBe('u');
});

test.each([
  [
    'a document type',
    '<!DOCTYPE rss [<!ENTITY a "aaaa">]><rss version="1.0"><channel><title>&a;</title></channel></rss>',
  ],
  ['another root', '<html/>'],
  ['no channel', '<rss version="1.0"/>'],
  ['an element that is not closed', '<rss version="1.0"><channel><title>t</channel></rss>'],
  ['nothing', ''],
])('%s is no feed', (_, broken) => {
  expect(() => feedFromXML(broken)).toThrow();
});

const HOSTILE = [
  '</title><item><title>more</title></item>',
  ']]><!--',
  '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>&e;',
  '&amp;lt;',
  '"\'><script>alert(1)</script>',
  ' leading, trailing and\ttabs\r\n',
  '𝕳 ​ ‮',
  '{"json":true}',
];

test.each(HOSTILE)('a hostile title stays text: %j', async (name) => {
  const tenant = await start(
    {},
    {
      ...GIVEN,
      apis: [
        {
          ...GIVEN.apis[0],
          name,
          versions: [{ id: API_VERSION, name, endpoints: [{ Category: 'Sandbox', Uri: name }] }],
        },
      ],
      apps: [{ ...GIVEN.apps[0], name }],
      contracts: [contract('c1'), contract('c2', { environment: 'Production' })],
    },
  );
  const { body } = await tenant.ask('adam', 'GET', FEED);
  expect(body.channel.item).toHaveLength(2);
  const titles = body.channel.item[0].EntityReferences.EntityReference.map(({ Title }: { Title?: string }) => Title);
  expect(titles).toEqual([name, name, '1.0', name, undefined]);
  const xml = await tenant.ask('adam', 'GET', FEED, { headers: { accept: 'text/xml' } });
  // A parser of its own sees two items, and the reader reads what JSON says.
  expect(canonical(xml.body).content).toHaveLength(1);
  expect(feedFromXML(xml.body)).toEqual(body);
});

test('what XML cannot hold is replaced, and the document stays one', async () => {
  const name = 'a\u0000b\u0008c\ud800d\uffff';
  const model = { channel: { title: name, item: [] }, version: '1.0' };
  expect(feedFromXML(toXML(model)).channel.title).toBe('a\ufffdb\ufffdc\ufffdd\ufffd');
  expect(() => canonical(toXML(model))).not.toThrow();
});

/** Megabytes of heap in which feeds of about 20 MB of text are made and read again and again. */
const HEAP = 192;

test(`feeds of 10,000 contracts are answered within a heap of ${HEAP} MB`, { timeout: 120_000 }, async () => {
  const source = `
    const { createHarness } = await import(${JSON.stringify(new URL('../../dist/index.js', import.meta.url).href)});
    const { parentPort } = await import('node:worker_threads');
    const harness = await createHarness();
    await harness.seed('akana', ${JSON.stringify(GIVEN)});
    for (let n = 0; n < 10_000; n += 1_000) {
      const contracts = Array.from({ length: 1_000 }, (_, m) => ({
        id: 'c' + (n + m) + '.acmepaymentscorp', ticket: 't' + (n + m) + '.acmepaymentscorp',
        api_version: ${JSON.stringify(API_VERSION)}, app_version: ${JSON.stringify(APP_VERSION)},
      }));
      await harness.seed('akana', { contracts });
    }
    for (const accept of ['application/json', 'text/xml', 'application/json', 'text/xml']) {
      const headers = { accept, authorization: 'Bearer ' + harness.token };
      const response = await fetch(harness.url + ${JSON.stringify(`${FEED}?IncludeActions=true`)}, { headers });
      const text = await response.text();
      const items = text.split(accept === 'text/xml' ? '</item>' : '"guid":').length - 1;
      parentPort.postMessage([response.status, items, text.includes('c0.'), text.includes('c9999.'), text.length > 15_000_000]);
    }
    await harness.close();
  `;
  const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(source)}`), {
    // As it is installed, not from its sources.
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: HEAP },
  });
  const rounds: unknown[] = [];
  await new Promise<void>((resolve, reject) => {
    worker
      .on('message', (message) => rounds.push(message))
      .on('error', reject)
      .on('exit', () => resolve());
  });
  expect(rounds).toEqual(Array(4).fill([200, 10_000, true, true, true]));
});
