import { get } from 'node:https';
import { connect } from 'node:net';
import type { HttpRequest } from '@connectorkit/sdk/platforms';
import { akanaClient } from '@connectorkit/sdk/platforms/akana';
import { expect, test } from 'vitest';
import { type Canonical, canonical } from '../xml.ts';
import {
  type Answered,
  API_VERSION,
  APP,
  APP_VERSION,
  actionsOf,
  at,
  category,
  contract,
  entity,
  FED,
  FEED,
  GIVEN,
  start,
} from './tenant.ts';

/** `GET /api/apis/versions/{APIVersionID}/connectedapps`, row by row. */

const TYPES = [
  'application/json',
  'text/xml',
  ...['v71', 'v72', 'v80', 'v81'].flatMap((v) => [`application/vnd.soa.${v}+json`, `application/vnd.soa.${v}+xml`]),
];
const ACTIVE = { state: 'apicontract.status.activated' };

async function connected(contracts: readonly object[] = [contract('c1', ACTIVE)], given: object = {}) {
  return start({}, { ...GIVEN, ...given, contracts });
}

async function xmlOf(
  tenant: Awaited<ReturnType<typeof start>>,
  query = '',
): Promise<{ text: string; root: Canonical }> {
  const { body } = await tenant.ask('adam', 'GET', `${FEED}${query}`, { headers: { accept: 'text/xml' } });
  return { text: body, root: canonical(body) };
}

const RSS = '{http://soa.com/xsd/rss/1.0}';
const named = (parent: Canonical | undefined, name: string) =>
  (parent?.content ?? []).filter((each): each is Canonical => typeof each === 'object' && each.name === name);
const first = (parent: Canonical | undefined, ...names: string[]) =>
  names.reduce((each: Canonical | undefined, name) => named(each, name)[0], parent);

test('A-01 JSON: channel and version, not wrapped', async () => {
  const tenant = await connected();
  const { status, body } = await tenant.ask('adam', 'GET', FEED);
  expect(status).toBe(200);
  expect(Object.keys(body)).toEqual(['channel', 'version']);
  expect(body.version).toBe('1.0');
});

test('A-02 the title, and one item for each contract: an app in both environments appears twice', async () => {
  const tenant = await connected([contract('c1', ACTIVE), contract('c2', { ...ACTIVE, environment: 'Production' })]);
  const { body } = await tenant.ask('adam', 'GET', FEED);
  expect(body.channel.title).toBe('Apps Connected');
  expect(body.channel.item.map((each: Answered['body']) => [each.guid.value, entity(each, 'app')?.Guid])).toEqual([
    [at('c1'), APP],
    [at('c2'), APP],
  ]);
});

test('A-03 the keys of an item, in order; Endpoints and Actions after them', async () => {
  const tenant = await connected();
  const [item] = await tenant.connected();
  expect(Object.keys(item)).toEqual(['title', 'category', 'guid', 'EntityReferences', 'Image']);
  const endpoints = [{ Category: 'Sandbox', Uri: 'http://sandbox.acme.example/payments' }];
  await tenant.seed({ apis: [{ ...GIVEN.apis[0], versions: [{ id: API_VERSION, endpoints }] }] });
  const [more] = await tenant.connected('adam', '?IncludeActions=true');
  expect(Object.keys(more)).toEqual(['title', 'category', 'guid', 'EntityReferences', 'Image', 'Endpoints', 'Actions']);
});

test('A-04 title and guid are the id of the contract; the guid is an object in JSON and text in XML', async () => {
  const tenant = await connected();
  const [item] = await tenant.connected();
  expect(item).toMatchObject({ title: at('c1'), guid: { value: at('c1') } });
  const { root } = await xmlOf(tenant);
  expect(first(root, '{}channel', '{}item', '{}guid')).toEqual({ name: '{}guid', attributes: {}, content: [at('c1')] });
});

test('A-05 the categories, in order; restrictedscope is a text', async () => {
  const tenant = await connected([
    contract('c1', { ...ACTIVE, environment: 'Production' }),
    contract('c2', { restricted: true, licenses: ['gold'] }),
  ]);
  const categories = (await tenant.connected()).map((item) => item.category);
  expect(categories).toEqual([
    [
      { value: 'Production', domain: 'uddi:soa.com:environment' },
      { value: 'apicontract.status.activated', domain: 'uddi:soa.com:wfstate' },
      { value: 'com.soa.apicontract.inforce', domain: 'uddi:soa.com:status' },
      { value: 'false', domain: 'uddi:soa.com:restrictedscope' },
    ],
    [
      { value: 'Sandbox', domain: 'uddi:soa.com:environment' },
      { value: 'apicontract.status.pending_approval', domain: 'uddi:soa.com:wfstate' },
      { value: 'com.soa.apicontract.inforce', domain: 'uddi:soa.com:status' },
      { value: 'true', domain: 'uddi:soa.com:restrictedscope' },
    ],
  ]);
});

test('A-06 the entities, in order', async () => {
  const tenant = await connected();
  const [item] = await tenant.connected();
  const types = item.EntityReferences.EntityReference.map((each: Answered['body']) => each.Category[0].value);
  expect(types).toEqual(['apiversion', 'api', 'app-version', 'app', 'board-item']);
});

test('A-07 each has Title, Guid and Category; the board item, the ticket, has no Title', async () => {
  const tenant = await connected([contract('c1', { ticket: at('contract_request10353') })]);
  const references = (await tenant.connected())[0].EntityReferences.EntityReference;
  expect(references.map(Object.keys)).toEqual([...Array(4).fill(['Title', 'Guid', 'Category']), ['Guid', 'Category']]);
  expect(references.map(({ Title, Guid }: { Title?: string; Guid: string }) => [Title, Guid])).toEqual([
    ['v1', API_VERSION],
    ['Payments', GIVEN.apis[0]?.id],
    ['1.0', APP_VERSION],
    ['Shop', APP],
    [undefined, at('contract_request10353')],
  ]);
});

test.each([
  ['Public', false, 'notsupported'],
  ['com.soa.visibility.registered.users', true, 'supported'],
  ['Limited', false, 'notsupported'],
])('A-08 the categories of the API version: %s', async (visibility, resource_level_permissions, support) => {
  const versions = [{ id: API_VERSION, resource_level_permissions }];
  const tenant = await connected(undefined, { apis: [{ ...GIVEN.apis[0], visibility, versions }] });
  const permissions = 'uddi:soa.com:api:resource-level-permissions';
  expect((await tenant.connected())[0].EntityReferences.EntityReference[0].Category).toEqual([
    { value: 'apiversion', domain: 'uddi:soa.com:resourcetype' },
    { value: visibility, domain: 'uddi:soa.com:visibility' },
    { value: `${permissions}-${support}`, domain: permissions },
  ]);
});

test('A-09 the pictures, of the API and then of the app, and they are there', async () => {
  const tenant = await connected();
  const { Image } = (await tenant.connected())[0];
  expect(Image).toEqual([
    {
      Url: `${tenant.harness.url}/api/apis/avatar/_api`,
      Title: 'api',
      Link: `#/api/${GIVEN.apis[0]?.id}/versions/${API_VERSION}/details`,
    },
    {
      Url: `${tenant.harness.url}/api/apps/avatar/_app`,
      Title: 'app',
      Link: `#/app/${APP}/versions/${APP_VERSION}/details`,
    },
  ]);
  for (const { Url } of Image) {
    const response = await fetch(Url);
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'image/svg+xml']);
    expect(canonical(await response.text()).name).toBe('{http://www.w3.org/2000/svg}svg');
  }
});

test('A-10 the root of XML: its declaration, version, and 23 namespaces from ns2 to ns24', async () => {
  const { text } = await xmlOf(await connected());
  expect(text.startsWith('<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<rss ')).toBe(true);
  const [, head = ''] = /<rss ([^>]*)>/.exec(text) ?? [];
  expect([...head.matchAll(/xmlns:(ns\d+)="/g)].map(([, prefix]) => prefix)).toEqual(
    Array.from({ length: 23 }, (_, n) => `ns${n + 2}`),
  );
  expect(head.endsWith(' version="1.0"')).toBe(true);
});

test('A-11 which elements of XML stand in which namespace', async () => {
  const { root } = await xmlOf(await connected());
  const names = new Set<string>();
  const walk = ({ name, content }: Canonical) => {
    names.add(name);
    for (const each of content) if (typeof each === 'object') walk(each);
  };
  walk(root);
  expect([...names].sort()).toEqual(
    [
      ...['rss', 'channel', 'title', 'item', 'category', 'guid', 'Title', 'Guid', 'Url', 'Link'].map(
        (name) => `{}${name}`,
      ),
      ...['EntityReferences', 'EntityReference', 'Category', 'Image'].map((name) => `${RSS}${name}`),
    ].sort(),
  );
});

test('A-12 a category of XML: its value is the text, its domain an attribute', async () => {
  const { root } = await xmlOf(await connected());
  expect(first(root, '{}channel', '{}item', '{}category')).toEqual({
    name: '{}category',
    attributes: { domain: 'uddi:soa.com:environment' },
    content: ['Sandbox'],
  });
});

test('A-13 JSON and XML carry the same', async () => {
  const tenant = await connected([contract('c1', ACTIVE), contract('c2', { environment: 'Production' })]);
  const session = await tenant.session('adam');
  const sent = async ({ method, url, headers }: HttpRequest) => {
    const response = await fetch(url, { method, headers });
    return { status: response.status, headers: Object.fromEntries(response.headers), body: await response.text() };
  };
  const endpoint = { url: tenant.harness.url, token: session.cookie ?? '', send: sent };
  const parts = { path: { APIVersionID: API_VERSION }, query: { IncludeActions: 'true' } };
  const asJSON = await akanaClient(endpoint)('getConnectedApps', parts);
  const asXML = await akanaClient(endpoint, { feeds: 'xml' })('getConnectedApps', parts);
  expect(asXML).toEqual(asJSON);
});

test.each(TYPES)('A-14 %s, by exactly that name', async (accept) => {
  const tenant = await connected();
  const { status, type, body } = await tenant.ask('adam', 'GET', FEED, { headers: { accept } });
  expect([status, type]).toEqual([200, accept]);
  if (accept.endsWith('json')) expect(body.channel.item).toHaveLength(1);
  else expect(named(first(canonical(body), '{}channel'), '{}item')).toHaveLength(1);
});

test.each([
  ['application/json, text/javascript, */*; q=0.01', 'application/json'],
  ['*/*', 'application/json'],
  ['text/xml;q=0.9, application/json;q=0.1', 'text/xml'],
  ['application/json;q=0, */*', 'application/vnd.soa.v71+json'],
])('A-14 of several, the one that is liked best: %s', async (accept, expected) => {
  const tenant = await connected();
  expect((await tenant.ask('adam', 'GET', FEED, { headers: { accept } })).type).toBe(expected);
});

test('A-14 what is not offered is not acceptable', async () => {
  const tenant = await connected();
  expect((await tenant.ask('adam', 'GET', FEED, { headers: { accept: 'text/html' } })).status).toBe(406);
});

test('A-15 ActivatedOnly', async () => {
  const tenant = await connected([
    contract('c1', ACTIVE),
    contract('c2', { environment: 'Production', state: 'apicontract.status.suspended' }),
  ]);
  expect((await tenant.connected('adam', '?ActivatedOnly=true')).map(({ title }) => title)).toEqual([at('c1')]);
  expect(await tenant.connected()).toHaveLength(2);
});

const BOTH = [contract('c1', ACTIVE), contract('c2', { ...ACTIVE, environment: 'Production' })];

test.each([
  ['A-16', 'Sandbox', ['c1']],
  ['A-16', 'Production', ['c2']],
  ['A-17', 'Live', []],
  ['A-18', 'sandbox', ['c1']],
  ['A-18', 'PRODUCTION', ['c2']],
])('%s Environment=%s', async (_, environment, expected) => {
  const tenant = await connected(BOTH);
  expect((await tenant.connected('adam', `?Environment=${environment}`)).map(({ title }) => title)).toEqual(
    expected.map(at),
  );
});

test('A-16 all environments, when none is named', async () => {
  expect(await (await connected(BOTH)).connected()).toHaveLength(2);
});

test('A-19 IncludeActions: those that are valid now, and none unless asked', async () => {
  const tenant = await connected();
  expect((await tenant.connected())[0]).not.toHaveProperty('Actions');
  const [item] = await tenant.connected('adam', '?IncludeActions=true');
  expect(actionsOf(item)).toEqual(['suspend', 'cancel']);
  await tenant.act('adam', at('c1'), 'suspend');
  expect(actionsOf((await tenant.connected('adam', '?IncludeActions=true'))[0])).toEqual(['resume', 'cancel']);
});

test('A-20 value and label both hold the name of the action', async () => {
  const [item] = await (await connected()).connected('adam', '?IncludeActions=true');
  expect(item.Actions[0]).toEqual({ value: 'apicontract.action.suspend', label: 'apicontract.action.suspend' });
});

test('A-21 actions depend on who asks', async () => {
  const tenant = await connected([contract('c1')]);
  const seen = async (user: 'adam' | 'bea' | 'tess' | 'rita') =>
    actionsOf((await tenant.connected(user, '?IncludeActions=true'))[0]);
  expect(await seen('adam')).toEqual(['approve', 'reject', 'edit']);
  expect(await seen('bea')).toEqual(['approve', 'reject', 'edit']);
  expect(await seen('tess')).toEqual(['cancel', 'edit']);
  expect(await seen('rita')).toEqual([]);
});

const endpoints = [
  { Category: 'Sandbox', Uri: 'http://acmepaymentscorpsandbox.broker.soa.com/payments' },
  { Category: 'Production', Uri: 'http://acmepaymentscorp.broker.soa.com/payments' },
];
const reachable = { apis: [{ ...GIVEN.apis[0], versions: [{ id: API_VERSION, endpoints }] }] };

test.each([
  ['array', endpoints.slice(0, 1)],
  ['nested', { Endpoint: endpoints.slice(0, 1) }],
])('A-22 endpoints of the contract’s environment, as %s', async (rss_nesting, expected) => {
  const tenant = await connected(undefined, { ...reachable, settings: { rss_nesting } });
  expect((await tenant.connected())[0].Endpoints).toEqual(expected);
});

test.each([
  ['array', (actions: object[]) => actions],
  ['nested', (actions: object[]) => ({ Action: actions })],
])('A-23 actions as %s', async (rss_nesting, wrapped) => {
  const tenant = await connected(undefined, { settings: { rss_nesting } });
  const names = ['apicontract.action.suspend', 'apicontract.action.cancel'];
  const actions = names.map((name) => ({ value: name, label: name }));
  expect((await tenant.connected('adam', '?IncludeActions=true'))[0].Actions).toEqual(wrapped(actions));
});

test.each(['array', 'nested'])('A-24 actions and endpoints in XML, whatever JSON has (%s)', async (rss_nesting) => {
  const tenant = await connected(undefined, { ...reachable, settings: { rss_nesting } });
  const { root } = await xmlOf(tenant, '?IncludeActions=true');
  const item = first(root, '{}channel', '{}item');
  expect(first(item, `${RSS}Actions`)?.content[0]).toEqual({
    name: `${RSS}Action`,
    attributes: { label: 'apicontract.action.suspend' },
    content: ['apicontract.action.suspend'],
  });
  expect(first(item, `${RSS}Endpoints`, `${RSS}Endpoint`)?.content).toEqual([
    { name: '{}Category', attributes: {}, content: ['Sandbox'] },
    { name: '{}Uri', attributes: {}, content: [endpoints[0]?.Uri] },
  ]);
});

test('A-25 no contracts: an empty list in JSON, no item in XML', async () => {
  const tenant = await connected([]);
  expect((await tenant.ask('adam', 'GET', FEED)).body).toEqual({
    channel: { title: 'Apps Connected', item: [] },
    version: '1.0',
  });
  expect(first((await xmlOf(tenant)).root, '{}channel')?.content).toEqual([
    { name: '{}title', attributes: {}, content: ['Apps Connected'] },
  ]);
});

test('A-26 one contract is a list of one; a client takes the thing itself as well', async () => {
  const tenant = await connected();
  const { body } = await tenant.ask('adam', 'GET', FEED);
  expect(Array.isArray(body.channel.item)).toBe(true);
  const [item] = body.channel.item;
  const references = item.EntityReferences.EntityReference.map((each: Answered['body']) => ({
    ...each,
    Category: each.Category[0],
  }));
  const collapsed = {
    channel: {
      title: 'Apps Connected',
      item: {
        ...item,
        EntityReferences: { EntityReference: references },
        Image: item.Image[0],
        Actions: { Action: { value: 'a', label: 'a' } },
      },
    },
    version: '1.0',
  };
  const send = async () => ({
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(collapsed),
  });
  const call = akanaClient({ url: 'https://host', token: 'ready', send });
  const read = (await call('getConnectedApps', { path: { APIVersionID: API_VERSION } })).channel.item[0];
  expect(read?.EntityReferences?.EntityReference.map(({ Category }) => Category.length)).toEqual([1, 1, 1, 1, 1]);
  expect([read?.Image?.length, read?.Actions]).toEqual([1, [{ value: 'a', label: 'a' }]]);
});

test('A-27 without the cookie, 401, in JSON or XML as it is accepted', async () => {
  const tenant = await connected();
  const refused = await tenant.ask('nobody', 'GET', FEED);
  expect(refused).toMatchObject({
    status: 401,
    body: { faultcode: 'server', faultstring: expect.stringContaining('not logged in') },
  });
  const asXML = await tenant.ask('nobody', 'GET', FEED, { headers: { accept: 'text/xml' } });
  expect([asXML.status, asXML.type]).toEqual([401, 'text/xml']);
  expect(canonical(asXML.body)).toMatchObject({
    name: '{http://soa.com/xsd/fault/1.0}Fault',
    content: [{ name: '{}faultcode' }, { name: '{}faultstring' }],
  });
});

test('A-28 an expired cookie, and a wrong header where reads want it, 401', async () => {
  const tenant = await connected();
  await tenant.session('adam');
  tenant.wait(29);
  expect((await tenant.ask('adam', 'GET', FEED)).status).toBe(200);
  await tenant.seed({ settings: { csrf_reads: true } });
  const name = `X-Csrf-Token_${FED}`;
  expect((await tenant.ask('adam', 'GET', FEED)).status).toBe(200);
  expect((await tenant.ask('adam', 'GET', FEED, { headers: { [name]: '' } })).status).toBe(401);
  expect((await tenant.ask('adam', 'GET', FEED, { headers: { [name]: 'TokenID%3Dwrong' } })).status).toBe(401);
  tenant.wait(1);
  expect((await tenant.ask('adam', 'GET', FEED)).status).toBe(401);
});

test.each([
  ['unknown', at('nothing')],
  ['an app’s', APP_VERSION],
  ['a contract’s', at('c1')],
])('A-29 an id that is %s: 500, and a fault', async (_, id) => {
  const tenant = await connected();
  const refused = await tenant.ask('adam', 'GET', `/api/apis/versions/${id}/connectedapps`);
  expect(refused).toMatchObject({
    status: 500,
    body: { faultcode: 'server', faultstring: expect.stringContaining('[apiversion]') },
  });
});

test.each(['false', 'TRUE', '1', 'yes', ''])('A-30 a flag that is %o is false', async (flag) => {
  const tenant = await connected([contract('c1')]);
  const items = await tenant.connected('adam', `?ActivatedOnly=${flag}&IncludeActions=${flag}`);
  expect(items).toHaveLength(1);
  expect(items[0]).not.toHaveProperty('Actions');
});

test('A-31 cancelled contracts are never listed', async () => {
  const tenant = await connected([
    contract('c1', ACTIVE),
    contract('c2', { environment: 'Production', state: 'apicontract.status.cancelled' }),
  ]);
  expect((await tenant.connected()).map(({ title }) => title)).toEqual([at('c1')]);
  await tenant.act('tess', at('c1'), 'cancel');
  expect(await tenant.connected()).toEqual([]);
  const { body } = await tenant.ask('tess', 'GET', `/api/apps/versions/${APP_VERSION}/contracts`);
  expect(body.channel.item).toEqual([]);
});

test('A-32 HTTP/1.0, and https, whose pictures are https as well', async () => {
  const tenant = await start({ tlsPort: 0 }, { ...GIVEN, contracts: [contract('c1', ACTIVE)] });
  const { cookie = '' } = await tenant.session('adam');
  const { port, host } = new URL(tenant.harness.url);
  const old = await new Promise<string>((resolve, reject) => {
    const socket = connect(Number(port), '127.0.0.1', () =>
      socket.write(`GET ${FEED} HTTP/1.0\r\nHost: ${host}\r\nCookie: ${cookie}\r\n\r\n`),
    );
    let text = '';
    socket
      .on('data', (chunk) => (text += chunk))
      .on('end', () => resolve(text))
      .on('error', reject);
  });
  expect(old).toMatch(/^HTTP\/1\.1 200 /);
  expect(old).toContain('"title":"Apps Connected"');
  const { tlsUrl = '', certificate } = tenant.harness;
  const secure = await new Promise<string>((resolve, reject) => {
    get(`${tlsUrl}${FEED}`, { ca: certificate?.text, headers: { cookie } }, async (answer) => {
      let text = '';
      for await (const chunk of answer) text += chunk;
      resolve(text);
    }).on('error', reject);
  });
  expect(category(JSON.parse(secure).channel.item[0], 'environment')).toBe('Sandbox');
  expect(JSON.parse(secure).channel.item[0].Image[0].Url).toBe(`${tlsUrl}/api/apis/avatar/_api`);
});
