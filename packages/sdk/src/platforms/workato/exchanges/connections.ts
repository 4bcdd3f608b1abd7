import type { Deviation, Exchange, ExchangeAnswer } from '../../exchange.ts';

const PAGE = 'Workato’s page "Connections" of the Embedded API, last updated 10/9/2024';
const LIST = `${PAGE}: List connections, sample request and response`;
const SHELL = `${PAGE}: Create a connection, shell connection request, and the one response that is printed`;
const CREDENTIALS = `${PAGE}: Create a connection, connection with credentials, and the one response that is printed`;
const UPDATE = `${PAGE}: Update a connection, Jira, and its response`;
const OUTREACH = `${PAGE}: Update a connection, Outreach; no response is printed for it, the keys are those of the other`;
const DISCONNECT = `${PAGE}: Disconnect a connection, sample request and responses`;
const DELETE = `${PAGE}: Delete a connection, sample request and responses`;

const json = (body: unknown, status = 200): ExchangeAnswer => ({ status, mediaType: 'application/json', body });

const at = '2015-05-26T22:53:52.532Z';
const later = '2031-02-03T04:05:06.007Z';

/** The page shows addresses of e-mail as a crawler is shown them; one of ours stands in their place. */
const OWNER = 'owner@acme.example';
const HIDDEN = '[email protected]';

const listed = {
  authorized_at: '2015-05-26T22:53:52.528Z',
  authorization_status: 'success',
  authorization_error: null,
  created_at: at,
  updated_at: at,
  external_id: 'U12904',
  folder_id: 4515,
  identity: null,
  connection_lost_at: null,
  connection_lost_reason: null,
};

const sampleList = [
  {
    id: 36,
    name: 'ACME Production Salesforce connection',
    provider: 'salesforce',
    ...listed,
    parent_id: 22316,
    tags: ['tag-ANgeffPL-3gxQwA'],
  },
  {
    id: 37,
    name: 'ACME google sheet account',
    provider: 'google_sheets',
    ...listed,
    connection_lost_at: '2024-06-01T12:00:00Z',
    connection_lost_reason: 'network_failure',
    parent_id: 22317,
    tags: null,
  },
  {
    id: 51234,
    name: 'ACME Quickbooks account',
    provider: 'quickbooks',
    ...listed,
    identity: `${OWNER}/1029384756102938`,
    parent_id: 22317,
    tags: ['tag-ANgeffPL-3gxQwA'],
  },
];

const otherList = [
  {
    id: 7,
    name: 'Other',
    provider: 'jira',
    authorized_at: null,
    authorization_status: 'failed',
    authorization_error: "API token can't be blank",
    created_at: later,
    updated_at: later,
    external_id: null,
    folder_id: 81,
    identity: null,
    connection_lost_at: null,
    connection_lost_reason: null,
    parent_id: null,
  },
];

const customer = (more: object) => ({ managed_users: [{ id: 98178, home: 4515, ...more }] });
const other = (more: object) => ({ managed_users: [{ id: 5, external_id: 'acme', home: 80, ...more }] });

const jira1678 = { id: 1678, name: 'jira_connection', provider: 'jira', external_id: 'U12904' };
const connected = { authorization_status: 'success', authorized_at: '2015-05-26T22:53:52.528Z' };
const used = {
  connections: [{ ...jira1678, ...connected }],
  recipes: [
    {
      id: 41354,
      running: true,
      config: [{ keyword: 'application', name: 'jira', provider: 'jira', account_id: 1678 }],
    },
  ],
};
const asked = { managed_user_id: '98178', connection_id: '1678' };
const askedOther = { managed_user_id: 'Eacme', connection_id: '12' };
const hooked = { ...connected, id: 12, name: 'Hook', provider: 'rest' };

const credentials = { host_name: 'acme.atlassian.net', api_token_auth: 'true', email: OWNER, apitoken: 'XXXXXXXX' };

const flat = {
  authorized_at: at,
  authorization_status: 'success',
  authorization_error: null,
  created_at: at,
  updated_at: at,
  external_id: null,
  folder_id: 4515,
  parent_id: null,
  connection_lost_at: null,
  connection_lost_reason: null,
};
const flatLater = { ...flat, authorized_at: later, created_at: later, updated_at: later };

const NOT_ASKED = 'the response that is printed does not follow from the request: it never named this';
const AT_ONCE = 'here one moment is one time; the page’s differs by four milliseconds from when it was created';
const NUMBERED = 'ids are counted from 1 in a new harness';

const differs = (key: string, page: unknown, ours: unknown, why: string): Deviation => ({
  path: `/body/${key}`,
  page,
  ours,
  why,
});

export const connections: readonly Exchange[] = [
  {
    operation: 'listConnections',
    source: LIST,
    given: customer({ connections: sampleList }),
    http: 'GET /api/managed_users/98178/connections?includes[]=tags',
    request: { path: { managed_user_id: '98178' }, query: { 'includes[]': ['tags'] } },
    answer: json({ result: sampleList }),
    deviations: [
      differs(
        'result/2/identity',
        `${HIDDEN}/1029384756102938`,
        `${OWNER}/1029384756102938`,
        'the address was hidden from crawlers',
      ),
    ],
    changed: {
      given: other({ folders: [{ id: 81, parent_id: 80 }], connections: [...otherList, hooked] }),
      http: 'GET /api/managed_users/Eacme/connections?provider=jira&folder_id=81',
      request: { path: { managed_user_id: 'Eacme' }, query: { provider: 'jira', folder_id: '81' } },
      answer: json({ result: otherList }),
    },
  },
  {
    operation: 'createConnection',
    source: SHELL,
    given: customer({ folders: [{ id: 1892 }] }),
    at,
    http: 'POST /api/managed_users/98178/connections',
    request: {
      path: { managed_user_id: '98178' },
      body: { name: 'jira_connection', provider: 'jira', folder_id: 1892, external_id: '128904' },
    },
    answer: json({
      id: 1,
      name: 'jira_connection',
      provider: 'jira',
      ...flat,
      authorized_at: null,
      authorization_status: null,
      external_id: '128904',
      folder_id: 1892,
    }),
    deviations: [
      differs('id', 36, 1, NUMBERED),
      differs('authorized_at', '2015-05-26T22:53:52.528Z', null, 'a shell is disconnected, the page says'),
      differs('authorization_status', 'success', null, 'a shell is disconnected, the page says'),
      differs('external_id', 'U12904', '128904', 'the request says otherwise'),
      differs('folder_id', 4515, 1892, 'the request says otherwise'),
      differs('parent_id', 22318, null, NOT_ASKED),
    ],
    changed: {
      given: other({ folders: [{ id: 81 }], connections: [hooked] }),
      at: later,
      http: 'POST /api/managed_users/5/connections',
      request: {
        path: { managed_user_id: '5' },
        body: { name: 'Child', provider: 'rest', parent_id: '12', folder_id: '81', external_id: 'u-1' },
      },
      answer: json({
        id: 1,
        name: 'Child',
        provider: 'rest',
        ...flatLater,
        authorized_at: null,
        authorization_status: null,
        external_id: 'u-1',
        folder_id: 81,
        parent_id: 12,
      }),
    },
  },
  {
    operation: 'createConnection',
    source: CREDENTIALS,
    given: customer({}),
    at,
    http: 'POST /api/managed_users/98178/connections',
    request: {
      path: { managed_user_id: '98178' },
      body: { name: 'jira_connection', provider: 'jira', input: credentials },
    },
    answer: json({ id: 1, name: 'jira_connection', provider: 'jira', ...flat }),
    deviations: [
      differs('id', 36, 1, NUMBERED),
      differs('authorized_at', '2015-05-26T22:53:52.528Z', at, AT_ONCE),
      differs('external_id', 'U12904', null, NOT_ASKED),
      differs('parent_id', 22318, null, NOT_ASKED),
    ],
    changed: {
      given: other({}),
      at: later,
      http: 'POST /api/managed_users/5/connections',
      request: {
        path: { managed_user_id: '5' },
        body: { name: 'REST', provider: 'rest', input: { auth_type: 'basic', user: 'me', password: 'invalid-one' } },
      },
      answer: json({
        id: 1,
        name: 'REST',
        provider: 'rest',
        ...flatLater,
        authorized_at: null,
        authorization_status: 'failed',
        authorization_error: 'Authentication failed: 401 Unauthorized',
        folder_id: 80,
      }),
    },
  },
  {
    operation: 'updateConnection',
    source: UPDATE,
    given: customer({ folders: [{ id: 28940 }], connections: [{ ...jira1678, created_at: at }] }),
    at: '2015-05-27T00:00:00.000Z',
    http: 'PUT /api/managed_users/98178/connections/1678',
    request: {
      path: asked,
      body: { name: 'jira_connection_latest', folder_id: 28940, input: credentials },
    },
    answer: json({
      id: 1678,
      name: 'jira_connection_latest',
      provider: 'jira',
      ...flat,
      authorized_at: '2015-05-27T00:00:00.000Z',
      updated_at: '2015-05-27T00:00:00.000Z',
      external_id: 'U12904',
      folder_id: 28940,
    }),
    deviations: [
      differs('id', 36, 1678, 'the response that is printed is the one of creating'),
      differs('name', 'jira_connection', 'jira_connection_latest', 'the request says otherwise'),
      differs('folder_id', 4515, 28940, 'the request says otherwise'),
      differs('authorized_at', '2015-05-26T22:53:52.528Z', '2015-05-27T00:00:00.000Z', 'it is authorized anew'),
      differs('updated_at', at, '2015-05-27T00:00:00.000Z', 'it is updated after it was created'),
      differs('parent_id', 22318, null, NOT_ASKED),
    ],
    changed: {
      given: other({ connections: [{ ...hooked, created_at: later }] }),
      at: '2031-03-01T00:00:00.000Z',
      http: 'PUT /api/managed_users/Eacme/connections/12',
      request: { path: askedOther, body: { external_id: 'new' } },
      answer: json({
        ...{ id: 12, name: 'Hook', provider: 'rest' },
        ...flatLater,
        authorized_at: connected.authorized_at,
        updated_at: '2031-03-01T00:00:00.000Z',
        external_id: 'new',
        folder_id: 80,
      }),
    },
  },
  {
    operation: 'updateConnection',
    source: OUTREACH,
    given: customer({ connections: [{ ...jira1678, ...connected, provider: 'outreach', created_at: at }] }),
    at: '2015-05-27T00:00:00.000Z',
    http: 'PUT /api/managed_users/98178/connections/1678',
    request: {
      path: asked,
      body: {
        name: 'Outreach scope connection',
        provider: 'outreach',
        input: { advanced_settings: { scopes: 'sequences.all phoneNumbers.all' } },
      },
    },
    answer: json({
      id: 1678,
      name: 'Outreach scope connection',
      provider: 'outreach',
      ...flat,
      ...connected,
      updated_at: '2015-05-27T00:00:00.000Z',
      external_id: 'U12904',
    }),
    changed: {
      given: other({ connections: [{ id: 12, name: 'Blank', created_at: later }] }),
      at: later,
      http: 'PUT /api/managed_users/Eacme/connections/12',
      request: {
        path: askedOther,
        body: { name: 'Sheets', provider: 'google_sheets', input: { advanced_settings: { scopes: 'drive' } } },
      },
      answer: json({
        id: 12,
        name: 'Sheets',
        provider: 'google_sheets',
        ...flatLater,
        authorized_at: null,
        authorization_status: null,
        folder_id: 80,
      }),
    },
  },
  {
    operation: 'disconnectConnection',
    source: DISCONNECT,
    given: customer(used),
    http: 'POST /api/managed_users/98178/connections/1678/disconnect?force=true',
    request: { path: asked, query: { force: 'true' } },
    answer: json({ result: { success: true, status: 'disconnected' } }),
    changed: {
      given: other({ connections: [hooked] }),
      http: 'POST /api/managed_users/Eacme/connections/12/disconnect',
      request: { path: askedOther },
      answer: json({ result: { success: true, status: 'disconnected' } }),
    },
  },
  {
    operation: 'disconnectConnection',
    source: `${DISCONNECT}; the status from the table of error codes of Workato’s API`,
    given: customer({}),
    http: 'POST /api/managed_users/98178/connections/1678/disconnect?force=true',
    request: { path: asked, query: { force: 'true' } },
    answer: json({ message: 'Not found' }, 404),
    changed: {
      given: customer({ connections: [hooked] }),
      http: 'POST /api/managed_users/Eacme/connections/12/disconnect',
      request: { path: askedOther },
      answer: json({ message: 'Not found' }, 404),
    },
  },
  {
    operation: 'deleteConnection',
    source: DELETE,
    given: customer({ connections: [jira1678] }),
    http: 'DELETE /api/managed_users/98178/connections/1678',
    request: { path: asked },
    answer: json({ result: { success: true, status: 'deleted' } }),
    changed: {
      given: other({ connections: [hooked] }),
      http: 'DELETE /api/managed_users/Eacme/connections/12',
      request: { path: askedOther },
      answer: json({ result: { success: true, status: 'deleted' } }),
    },
  },
  {
    operation: 'deleteConnection',
    source: `${DELETE}; its status is not documented`,
    given: customer(used),
    http: 'DELETE /api/managed_users/98178/connections/1678',
    request: { path: asked },
    answer: json(
      { success: false, status: 'rejected', message: "You can't delete a connection used by active recipes" },
      400,
    ),
    changed: {
      given: other({
        connections: [hooked],
        recipes: [
          { id: 3, running: true, config: [{ keyword: 'application', name: 'x', provider: 'rest', account_id: 12 }] },
        ],
      }),
      http: 'DELETE /api/managed_users/Eacme/connections/12',
      request: { path: askedOther },
      answer: json(
        { success: false, status: 'rejected', message: "You can't delete a connection used by active recipes" },
        400,
      ),
    },
  },
  {
    operation: 'deleteConnection',
    source: `${DELETE}; the status from the table of error codes of Workato’s API`,
    given: customer({}),
    http: 'DELETE /api/managed_users/98178/connections/1678',
    request: { path: asked },
    answer: json({ message: 'Not found' }, 404),
    changed: {
      given: other({}),
      http: 'DELETE /api/managed_users/Eacme/connections/12',
      request: { path: askedOther },
      answer: json({ message: 'Not found' }, 404),
    },
  },
];
