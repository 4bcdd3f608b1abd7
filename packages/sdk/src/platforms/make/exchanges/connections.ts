import type { Exchange, ExchangeAnswer } from '../../exchange.ts';

const CLIENT = 'the official client @makehq/sdk 1.6, published mock answers';
const OPENAPI = 'Make’s OpenAPI document, example of the operation';
const PAGE = 'Make’s reference page "SDK Apps > Connections"';

/** Properties of a listed connection beside its name, label and type. */
const LISTED = { parameters: {}, app_version: '1', alias_to: null };

const json = (body: unknown): ExchangeAnswer => ({ status: 200, mediaType: 'application/json', body });
const text = (body: string): ExchangeAnswer => ({ status: 200, mediaType: 'application/jsonc', body });

const third = [
  { type: 'basic', label: 'First' },
  { type: 'basic', label: 'Second' },
  { type: 'oauth', label: 'Main Connection' },
];
const asked = { SDK_connectionName: 'custom-app-13' };
const other = { SDK_connectionName: 'other-app' };

export const connections: readonly Exchange[] = [
  {
    operation: 'listConnections',
    source: CLIENT,
    given: {
      app: 'postman-test-app-6-1',
      connections: [
        { type: 'oauth', label: 'Test Connection' },
        { type: 'oauth', label: 'Test Connection' },
      ],
    },
    http: 'GET /sdk/apps/postman-test-app-6-1/connections',
    request: { path: { SDK_appName: 'postman-test-app-6-1' } },
    answer: json({
      appConnections: [
        { name: 'postman-test-app-6-1', label: 'Test Connection', type: 'oauth', ...LISTED },
        { name: 'postman-test-app-6-12', label: 'Test Connection', type: 'oauth', ...LISTED },
      ],
    }),
    deviations: [0, 1].flatMap((index) =>
      Object.entries(LISTED).map(([field, ours]) => ({
        path: `/body/appConnections/${index}/${field}`,
        page: undefined,
        ours,
        why: 'Make’s OpenAPI document declares it; the client’s mock answer is older',
      })),
    ),
    changed: {
      given: { app: 'other-app', connections: [{ type: 'other', label: 'Only one' }] },
      http: 'GET /sdk/apps/other-app/connections',
      request: { path: { SDK_appName: 'other-app' } },
      answer: json({ appConnections: [{ name: 'other-app', label: 'Only one', type: 'basic', ...LISTED }] }),
    },
  },
  {
    operation: 'createConnection',
    source: CLIENT,
    given: { app: 'custom-app-1', connections: third.slice(0, 2) },
    http: 'POST /sdk/apps/custom-app-1/connections',
    request: { path: { SDK_appName: 'custom-app-1' }, body: { type: 'apikey', label: 'Main Connection' } },
    answer: json({ appConnection: { name: 'custom-app-13', label: 'Main Connection', type: 'basic' } }),
    changed: {
      given: { app: 'other-app' },
      http: 'POST /sdk/apps/other-app/connections',
      request: { path: { SDK_appName: 'other-app' }, body: { type: 'oauth-1', label: 'Old provider' } },
      answer: json({ appConnection: { name: 'other-app', label: 'Old provider', type: 'oauth' } }),
    },
  },
  {
    operation: 'getConnection',
    source: OPENAPI,
    given: { app: 'custom-app-1', connections: third },
    http: 'GET /sdk/apps/connections/custom-app-13',
    request: { path: asked },
    answer: json({
      appConnection: {
        name: 'custom-app-13',
        label: 'Main Connection',
        type: 'oauth',
        connectedSystemName: null,
        appVersion: '1',
        redirectUri: 'https://www.make.com/oauth/cb/app',
      },
    }),
    changed: {
      given: { app: 'other-app', connections: [{ type: 'apikey', label: 'Key' }] },
      http: 'GET /sdk/apps/connections/other-app',
      request: { path: other },
      answer: json({
        appConnection: { name: 'other-app', label: 'Key', type: 'basic', connectedSystemName: null, appVersion: '1' },
      }),
    },
  },
  {
    operation: 'updateConnection',
    source: OPENAPI,
    given: { app: 'charlie-1', connections: [{ type: 'basic', label: 'Before' }] },
    http: 'PATCH /sdk/apps/connections/charlie-1',
    request: {
      path: { SDK_connectionName: 'charlie-1' },
      body: { label: 'Main Connection', connectedSystemName: 'my-agent' },
    },
    answer: json({
      appConnection: { name: 'charlie-1', label: 'Main Connection', type: 'basic', connectedSystemName: 'my-agent' },
    }),
    changed: {
      given: { app: 'other-app', connections: [{ type: 'oauth', label: 'Before' }] },
      http: 'PATCH /sdk/apps/connections/other-app',
      request: { path: other, body: { label: 'After', connectedSystemName: null } },
      answer: json({
        appConnection: { name: 'other-app', label: 'After', type: 'oauth', connectedSystemName: null },
      }),
    },
  },
  {
    operation: 'deleteConnection',
    source: OPENAPI,
    given: { app: 'custom-app-1', connections: third },
    http: 'DELETE /sdk/apps/connections/custom-app-13',
    request: { path: asked },
    answer: json({ appConnection: 'custom-app-13' }),
    changed: {
      given: { app: 'other-app', connections: [{ type: 'basic', label: 'Gone' }] },
      http: 'DELETE /sdk/apps/connections/other-app',
      request: { path: other },
      answer: json({ appConnection: 'other-app' }),
    },
  },
  {
    operation: 'getConnectionSection',
    source: `${PAGE}; the media type as the official client expects it`,
    given: {
      app: 'custom-app-1',
      connections: third,
      sections: { scope: '[\r\n\t"user.read", // who it is\n  "offline_access"\n]\n' },
    },
    http: 'GET /sdk/apps/connections/custom-app-13/scope',
    request: { path: { ...asked, SDK_connectionSection: 'scope' } },
    answer: text('[\r\n\t"user.read", // who it is\n  "offline_access"\n]\n'),
    deviations: [
      {
        path: '/mediaType',
        page: 'application/json',
        ours: 'application/jsonc',
        why: 'the official client reads the text only when the answer is not declared as JSON',
      },
    ],
    changed: {
      given: { app: 'other-app', connections: [{ type: 'oauth', label: 'x' }], sections: { installSpec: '[]' } },
      http: 'GET /sdk/apps/connections/other-app/installSpec',
      request: { path: { ...other, SDK_connectionSection: 'installSpec' } },
      answer: text('[]'),
    },
  },
  {
    operation: 'setConnectionSection',
    source: `${PAGE}; the empty change as the editor extension reads it`,
    given: { app: 'custom-app-1', connections: third },
    http: 'PUT /sdk/apps/connections/custom-app-13/scope',
    request: { path: { ...asked, SDK_connectionSection: 'scope' }, body: '["user.read", "offline_access"]' },
    answer: json({ change: {} }),
    changed: {
      given: { app: 'other-app', connections: [{ type: 'other', label: 'x' }] },
      http: 'PUT /sdk/apps/connections/other-app/api',
      request: { path: { ...other, SDK_connectionSection: 'api' }, body: '{ /* nothing to check */ }' },
      answer: json({ change: {} }),
    },
  },
  {
    operation: 'getConnectionCommon',
    source: CLIENT,
    given: {
      app: 'custom-app-1',
      connections: [
        ...third.slice(0, 2),
        {
          type: 'oauth',
          label: 'x',
          common: { clientId: 'ENTER_CLIENT_ID_HERE', clientSecret: 'ENTER_CLIENT_SECRET_HERE' },
        },
      ],
    },
    http: 'GET /sdk/apps/connections/custom-app-13/common',
    request: { path: asked },
    answer: json({ clientId: 'ENTER_CLIENT_ID_HERE', clientSecret: 'ENTER_CLIENT_SECRET_HERE' }),
    changed: {
      given: { app: 'other-app', connections: [{ type: 'oauth', label: 'x', common: { tenant: { id: 7 } } }] },
      http: 'GET /sdk/apps/connections/other-app/common',
      request: { path: other },
      answer: json({ tenant: { id: 7 } }),
    },
  },
  {
    operation: 'setConnectionCommon',
    source: CLIENT,
    given: { app: 'custom-app-1', connections: third },
    http: 'PUT /sdk/apps/connections/custom-app-13/common',
    request: { path: asked, body: { clientId: 'ENTER_CLIENT_ID_HERE', clientSecret: 'ENTER_CLIENT_SECRET_HERE' } },
    answer: json({ changed: true }),
    changed: {
      given: { app: 'other-app', connections: [{ type: 'basic', label: 'x' }] },
      http: 'PUT /sdk/apps/connections/other-app/common',
      request: { path: other, body: { clientId: 'a', clientSecret: 'b' } },
      answer: json({ changed: true }),
    },
  },
  {
    operation: 'recreateConnection',
    source: PAGE,
    given: { app: 'custom-app-1', connections: third },
    http: 'POST /sdk/apps/connections/custom-app-13/recreate',
    request: { path: asked },
    answer: json({}),
    changed: {
      given: { app: 'other-app', connections: [{ type: 'basic', label: 'x' }] },
      http: 'POST /sdk/apps/connections/other-app/recreate',
      request: { path: other },
      answer: json({}),
    },
  },
];
