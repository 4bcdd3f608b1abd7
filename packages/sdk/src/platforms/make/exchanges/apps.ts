import type { Deviation, Exchange, ExchangeAnswer } from '../../exchange.ts';

const PAGE = 'Make’s reference page "SDK Apps"';
const CLIENT = 'the official client @makehq/sdk 1.6, published mock answers and tests';

const json = (body: unknown): ExchangeAnswer => ({ status: 200, mediaType: 'application/json', body });
const text = (mediaType: string, body: string): ExchangeAnswer => ({ status: 200, mediaType, body });

const at = { SDK_appName: 'postman-test-app-1', SDK_appVersion: '1' };
const test = { SDK_appName: 'test-app', SDK_appVersion: '1' };
const other = { SDK_appName: 'other-app', SDK_appVersion: '3' };
const third = { app: 'other-app', columns: { version: 3 } };

const postman = {
  name: 'postman-test-app-1',
  label: 'Postman Test App',
  description: 'This is a testing app from Postman',
  version: 1,
  beta: true,
  theme: '#ff00ff',
  language: 'en',
  public: false,
  approved: false,
  global: true,
  countries: null,
  created: '2019-12-18T11:55:31.655Z',
  manifestVersion: 2,
};
const { name: app, ...columns } = postman;

const lowerCase: Deviation = {
  path: '/body/app/theme',
  page: '#FF00FF',
  ours: '#ff00ff',
  why: 'the official client’s integration test expects the theme in lower case',
};

export const apps: readonly Exchange[] = [
  {
    operation: 'listApps',
    source: PAGE,
    given: { app: 'testovaci-lokalni-appka-1', columns: { label: 'Testovací Lokální Appka' } },
    http: 'GET /sdk/apps',
    request: {},
    answer: json({
      apps: [{ name: 'testovaci-lokalni-appka-1', label: 'Testovací Lokální Appka', version: 1, beta: false }],
    }),
    changed: {
      given: { app: 'custom-app-1', columns: { label: 'Ding', beta: true, theme: '#ff0000' } },
      http: 'GET /sdk/apps?cols[]=name&cols[]=theme',
      request: { query: { cols: ['name', 'theme'] } },
      answer: json({ apps: [{ name: 'custom-app-1', label: 'Ding', version: 1, beta: true, theme: '#ff0000' }] }),
    },
  },
  {
    operation: 'createApp',
    source: PAGE,
    given: { settings: { allow_apps: true } },
    http: 'POST /sdk/apps',
    request: {
      body: {
        name: 'postman-test-app-7',
        label: 'Postman Test App',
        description: 'This is a testing app from Postman',
        theme: '#FF00FF',
        language: 'en',
        countries: [],
        private: false,
      },
    },
    answer: json({
      app: {
        name: 'postman-test-app-7',
        label: 'Postman Test App',
        description: 'This is a testing app from Postman',
        version: 1,
        theme: '#ff00ff',
        public: false,
        approved: false,
      },
    }),
    deviations: [
      {
        path: '/body/app/name',
        page: 'postman-test-app-7-1',
        ours: 'postman-test-app-7',
        why: 'who may choose names gets the one that was chosen; Make puts six characters behind the others’ now',
      },
      {
        path: '/body/app/description',
        page: undefined,
        ours: 'This is a testing app from Postman',
        why: 'the official client’s type has it',
      },
      lowerCase,
    ],
    changed: {
      given: { settings: { allow_apps: true } },
      http: 'POST /sdk/apps',
      request: { body: { name: 'other', label: 'Other', theme: '#0000aa', private: true, audience: 'global' } },
      answer: json({
        app: {
          name: 'other',
          label: 'Other',
          description: '',
          version: 1,
          theme: '#0000aa',
          public: false,
          approved: false,
        },
      }),
    },
  },
  {
    operation: 'getApp',
    source: PAGE,
    given: { app, columns },
    http: 'GET /sdk/apps/postman-test-app-1/1',
    request: { path: at },
    answer: json({ app: { ...postman, opensource: false } }),
    deviations: [
      { path: '/body/app/opensource', page: undefined, ours: false, why: 'ours, so that what was set can be read' },
    ],
    changed: {
      given: { ...third, approved: true },
      http: 'GET /sdk/apps/other-app/3?cols[]=changes',
      request: { path: other, query: { cols: ['changes'] } },
      answer: json({
        app: { name: 'other-app', label: 'other-app', version: 3, public: false, approved: true, changes: [] },
      }),
    },
  },
  {
    operation: 'updateApp',
    source: CLIENT,
    given: { app, columns },
    http: 'PATCH /sdk/apps/postman-test-app-1/1',
    request: {
      path: at,
      body: {
        audience: 'countries',
        description: 'Hey there, Charlie!',
        countries: ['us', 'uk', 'cz'],
        label: 'Multiverse',
        theme: '#AABBCC',
        language: 'en',
      },
    },
    answer: json({
      app: {
        name: 'postman-test-app-1',
        label: 'Multiverse',
        description: 'Hey there, Charlie!',
        version: 1,
        theme: '#aabbcc',
        public: false,
        approved: false,
      },
    }),
    deviations: [
      { ...lowerCase, page: '#AABBCC', ours: '#aabbcc' },
      { path: '/body/app/approved', page: undefined, ours: false, why: 'as it is answered when an app is created' },
    ],
    changed: {
      given: { ...third, public: true },
      http: 'PATCH /sdk/apps/other-app/3',
      request: { path: other, body: { label: 'Universe' } },
      answer: json({
        app: {
          name: 'other-app',
          label: 'Universe',
          description: '',
          version: 3,
          theme: '#000000',
          public: true,
          approved: false,
        },
      }),
    },
  },
  {
    operation: 'getAppSection',
    source: `${CLIENT}; the media type as the client expects it`,
    given: { app: 'test-app', content: { base: '{\n    "baseUrl": "https://www.example.com"\n}\n' } },
    http: 'GET /sdk/apps/test-app/1/base',
    request: { path: { ...test, SDK_appSection: 'base' } },
    answer: text('application/jsonc', '{\n    "baseUrl": "https://www.example.com"\n}\n'),
    changed: {
      given: { ...third, content: { install: '{ /* nothing */ }' } },
      http: 'GET /sdk/apps/other-app/3/install',
      request: { path: { ...other, SDK_appSection: 'install' } },
      answer: text('application/jsonc', '{ /* nothing */ }'),
    },
  },
  {
    operation: 'setAppSection',
    source: `${CLIENT}; the empty change as the editor extension reads it`,
    given: { app: 'test-app' },
    http: 'PUT /sdk/apps/test-app/1/base',
    request: { path: { ...test, SDK_appSection: 'base' }, body: '{"name":"text","type":"text"}' },
    answer: json({ change: {} }),
    changed: {
      given: third,
      http: 'PUT /sdk/apps/other-app/3/installSpec',
      request: { path: { ...other, SDK_appSection: 'installSpec' }, body: '[ ]' },
      answer: json({ change: {} }),
    },
  },
  {
    operation: 'getAppDocs',
    source: CLIENT,
    given: { app: 'test-app', docs: '# Hey There\n\nThis is example documentation for the app. ' },
    http: 'GET /sdk/apps/test-app/1/readme',
    request: { path: test },
    answer: text('text/markdown', '# Hey There\n\nThis is example documentation for the app. '),
    changed: {
      given: { ...third, docs: '* é\r\n' },
      http: 'GET /sdk/apps/other-app/3/readme',
      request: { path: other },
      answer: text('text/markdown', '* é\r\n'),
    },
  },
  {
    operation: 'setAppDocs',
    source: CLIENT,
    given: { app: 'test-app' },
    http: 'PUT /sdk/apps/test-app/1/readme',
    request: { path: test, body: '# Updated Documentation\n\nThis is updated documentation.' },
    answer: json({ changed: true }),
    changed: {
      given: third,
      http: 'PUT /sdk/apps/other-app/3/readme',
      request: { path: other, body: 'None.' },
      answer: json({ changed: true }),
    },
  },
  {
    operation: 'getAppCommon',
    source: CLIENT,
    given: { app: 'test-app', common: { clientId: '123456', clientSecret: 'secret' } },
    http: 'GET /sdk/apps/test-app/1/common',
    request: { path: test },
    answer: json({ clientId: '123456', clientSecret: 'secret' }),
    changed: {
      given: { ...third, common: { tenant: 7 } },
      http: 'GET /sdk/apps/other-app/3/common',
      request: { path: other },
      answer: json({ tenant: 7 }),
    },
  },
  {
    operation: 'setAppCommon',
    source: CLIENT,
    given: { app: 'test-app' },
    http: 'PUT /sdk/apps/test-app/1/common',
    request: { path: test, body: { clientId: '789', clientSecret: 'newsecret' } },
    answer: json({ changed: true }),
    changed: {
      given: third,
      http: 'PUT /sdk/apps/other-app/3/common',
      request: { path: other, body: { tenant: 'x' } },
      answer: json({ changed: true }),
    },
  },
];
