import { type Exchange, type ExchangeVariant, json, leaving } from '../../exchange.ts';

const CLIENT =
  'the official client @makehq/sdk 1.6.10, its published tests and mock answers, https://github.com/integromat/make-typescript-sdk/tree/4654ed69/test (2026-08-18)';

const AT = '2025-03-08T23:07:17.897Z';
const LATER = '2031-02-03T04:05:06.007Z';
const OWN_USER = 'a harness has one user of its own';
const owner = (allow_apps: boolean, lastLogin: string) => ({
  id: 1,
  name: 'Connector Author',
  email: 'author@harness.localhost',
  language: 'en',
  timezoneId: 1,
  localeId: 1,
  countryId: 1,
  features: { allow_apps },
  avatar: '',
  lastLogin,
  timezone: 'UTC',
  locale: 'en-US',
});

const users: readonly Exchange[] = [
  {
    operation: 'getCurrentUser',
    source: CLIENT,
    given: {},
    at: AT,
    http: 'GET /users/me',
    request: {},
    ...leaving(
      json({
        authUser: {
          id: 1,
          name: 'Awesome Maker',
          email: 'noreply@make.com',
          language: 'en',
          timezoneId: 113,
          localeId: 18,
          countryId: 1,
          features: {},
          avatar: '...',
          lastLogin: AT,
          timezone: 'Europe/Prague',
          locale: 'cs',
        },
      }),
      [
        ['authUser/name', 'Connector Author', OWN_USER],
        ['authUser/email', 'author@harness.localhost', OWN_USER],
        ['authUser/timezoneId', 1, OWN_USER],
        ['authUser/localeId', 1, OWN_USER],
        ['authUser/features', { allow_apps: false }, 'whether names of apps are kept is told here'],
        ['authUser/avatar', '', OWN_USER],
        ['authUser/timezone', 'UTC', OWN_USER],
        ['authUser/locale', 'en-US', OWN_USER],
      ],
    ),
    changed: {
      given: { settings: { allow_apps: true }, tokens: [{ token: 'other' }] },
      at: LATER,
      http: 'GET /users/me',
      request: { headers: { authorization: 'Token other' } },
      answer: json({ authUser: owner(true, LATER) }),
    },
  },
  {
    operation: 'getCurrentAuthorization',
    source: CLIENT,
    given: {},
    http: 'GET /users/me/current-authorization',
    request: {},
    ...leaving(json({ authorization: { authUsed: 'token', scope: ['scenarios:read', 'datastores:read'] } }), [
      ['authorization/scope', ['sdk-apps:read', 'sdk-apps:write'], 'nothing else can be allowed here'],
    ]),
    changed: {
      given: { tokens: [{ token: 'other', scopes: ['sdk-apps:read'] }] },
      http: 'GET /users/me/current-authorization',
      request: { headers: { authorization: 'Token other' } },
      answer: json({ authorization: { authUsed: 'token', scope: ['sdk-apps:read'] } }),
    },
  },
];

const LEFT_OUT = 'only connections are emulated; lists of other components are empty';

interface Listed {
  readonly operation: string;
  readonly key: string;
  readonly path: string;
  readonly app: string;
  readonly version?: number;
  readonly printed: readonly object[];
}

const LISTS: readonly Listed[] = [
  {
    operation: 'listModules',
    key: 'appModules',
    path: 'modules',
    app: 'test-app',
    version: 1,
    printed: [
      {
        name: 'postmanModule5',
        label: 'BezVisKam',
        typeId: 1,
        public: false,
        approved: false,
        description: 'Bleeeeee',
        crud: 'read',
        connection: null,
        altConnection: null,
        webhook: null,
      },
      {
        name: 'getEntity',
        label: 'Get Entity',
        typeId: 4,
        public: false,
        approved: false,
        description: 'Retrieves the given entity.',
        crud: null,
        connection: null,
        altConnection: null,
        webhook: null,
      },
    ],
  },
  { operation: 'listRpcs', key: 'appRpcs', path: 'rpcs', app: 'test-app', version: 1, printed: [] },
  {
    operation: 'listFunctions',
    key: 'appFunctions',
    path: 'functions',
    app: 'test-app',
    version: 1,
    printed: [{ name: 'myFunction', args: '()' }],
  },
  {
    operation: 'listEndpoints',
    key: 'appEndpoints',
    path: 'endpoints',
    app: 'test-app',
    version: 1,
    printed: [
      {
        name: 'getEntity',
        label: 'Get Entity',
        description: 'Retrieves the given entity.',
        context: null,
        annotations: { readOnlyHint: true },
        attachedAccounts: [],
        public: false,
        approved: false,
        deprecated: false,
        archived: false,
        schemaVersion: 1,
        createdAt: '2026-06-26T00:00:00.000Z',
        updatedAt: '2026-06-26T00:00:00.000Z',
      },
    ],
  },
  {
    operation: 'listWebhooks',
    key: 'appWebhooks',
    path: 'webhooks',
    app: 'postman-test-app-6',
    printed: [
      { name: 'postman-test-app-6-1', label: 'Test Connection', type: 'web' },
      { name: 'aaaa', label: 'Test Connection', type: 'web' },
      { name: 'postman-test-app-6-12', label: 'Test Connection', type: 'web' },
      { name: 'postman-test-app-6-13', label: 'Test Connection', type: 'web' },
    ],
  },
];

function listOf({ key, path }: Listed, app: string, version: number | undefined): ExchangeVariant {
  const versioned = version === undefined ? {} : { SDK_appVersion: String(version) };
  return {
    given: { app, ...(version === undefined ? {} : { columns: { version } }) },
    http: `GET /sdk/apps/${app}${version === undefined ? '' : `/${version}`}/${path}`,
    request: { path: { SDK_appName: app, ...versioned } },
    answer: json({ [key]: [] }),
  };
}

const components = LISTS.map((list): Exchange => {
  const { operation, key, app, version, printed } = list;
  return {
    operation,
    source: CLIENT,
    ...listOf(list, app, version),
    ...leaving(json({ [key]: printed }), printed.length === 0 ? [] : [[key, [], LEFT_OUT]]),
    changed: listOf(list, 'other-app', version === undefined ? undefined : 3),
  };
});

const deletion: Exchange = {
  operation: 'deleteApp',
  source: `${CLIENT}; the answer is ours, because the client reads none`,
  given: { app: 'postman-test-app-1' },
  http: 'DELETE /sdk/apps/postman-test-app-1/1',
  request: { path: { SDK_appName: 'postman-test-app-1', SDK_appVersion: '1' } },
  answer: json({ app: 'postman-test-app-1' }),
  deviations: [
    {
      path: '/body',
      page: null,
      ours: { app: 'postman-test-app-1' },
      why: 'as a deleted connection is answered with its name',
    },
  ],
  changed: {
    given: { app: 'other-app', columns: { version: 3 } },
    http: 'DELETE /sdk/apps/other-app/3',
    request: { path: { SDK_appName: 'other-app', SDK_appVersion: '3' } },
    answer: json({ app: 'other-app' }),
  },
};

/** The beginning of the client's PNG files: the signature, and a header that says 512 by 512 pixels. */
const ICON = 'iVBORw0KGgoAAAAASUhEUgAAAgAAAAIA';
const OTHER_ICON = 'iVBORw0KGgoAAAAASUhEUgAAAgAAAAIAbW9yZQ==';
const APP = { SDK_appName: 'test-app', SDK_appVersion: '1' };
const OTHER_APP = { SDK_appName: 'other-app', SDK_appVersion: '3' };
const other = { app: 'other-app', columns: { version: 3 } };
const png = (body: string) => ({ status: 200, mediaType: 'image/png', body });

const icons: readonly Exchange[] = [
  {
    operation: 'setAppIcon',
    source: CLIENT,
    given: { app: 'test-app' },
    http: 'PUT /sdk/apps/test-app/1/icon',
    request: { path: APP, body: ICON },
    answer: json({ changed: true }),
    changed: {
      given: other,
      http: 'PUT /sdk/apps/other-app/3/icon',
      request: { path: OTHER_APP, body: OTHER_ICON },
      answer: json({ changed: true }),
    },
  },
  {
    operation: 'getAppIcon',
    source: CLIENT,
    given: { app: 'test-app', icon: ICON },
    http: 'GET /sdk/apps/test-app/1/icon/512',
    request: { path: { ...APP, SDK_iconSize: '512' } },
    answer: png(ICON),
    changed: {
      given: { ...other, icon: OTHER_ICON },
      http: 'GET /sdk/apps/other-app/3/icon/64',
      request: { path: { ...OTHER_APP, SDK_iconSize: '64' } },
      answer: png(OTHER_ICON),
    },
  },
];

const SHOWN = 'the client reads no answer; here it tells how the app is shown now';

const visibilities = [
  { operation: 'publishApp', word: 'public', shown: true, token: '938da6f85ff52b86bf82dc5e95a4b635' },
  { operation: 'unpublishApp', word: 'private', shown: false, token: null },
].map(
  ({ operation, word, shown, token }): Exchange => ({
    operation,
    source: CLIENT,
    given: { app: 'test-app', public: !shown },
    http: `POST /sdk/apps/test-app/1/${word}`,
    request: { path: APP },
    ...leaving(json({ changed: true }), [
      ['changed', undefined, SHOWN],
      ['public', shown, SHOWN],
      ['inviteToken', token, SHOWN],
    ]),
    changed: {
      given: { ...other, public: !shown },
      http: `POST /sdk/apps/other-app/3/${word}`,
      request: { path: OTHER_APP },
      answer: json({ public: shown, inviteToken: shown ? 'c80a436b71804e5e8204c18d37a2c286' : null }),
    },
  }),
);

const COUNTRIES = [
  { id: 4, name: 'Afghanistan', code: 'AFG', code2: 'af' },
  { id: 5, name: 'Åland Islands', code: 'ALA', code2: 'ax' },
  { id: 6, name: 'Albania', code: 'ALB', code2: 'al' },
];

const countries: Exchange = {
  operation: 'listCountries',
  source: `${CLIENT}; the mock answer has the first three`,
  given: {},
  http: 'GET /enums/countries',
  request: {},
  answer: json({ countries: COUNTRIES }),
  begun: ['/body/countries'],
  changed: {
    given: { tokens: [{ token: 'other' }] },
    http: 'GET /enums/countries',
    request: { headers: { authorization: 'Token other' } },
    answer: json({ countries: COUNTRIES }),
  },
};

export const surroundings: readonly Exchange[] = [
  ...users,
  ...components,
  deletion,
  ...icons,
  ...visibilities,
  countries,
];
