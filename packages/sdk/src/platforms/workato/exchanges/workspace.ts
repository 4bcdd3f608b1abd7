import { type Exchange, json, leaving } from '../../exchange.ts';
import { DOCUMENT, OWN_CLIENT, UNREAD } from './sources.ts';

const DETAILS = 'Workato’s page "Workspace details", docs.workato.com/workato-api/users.html, last updated 7/18/2024';
const LIST = 'Workato’s page "Connections", docs.workato.com/workato-api/connections.html: List connections';

/** The page shows addresses of e-mail as a crawler is shown them. */
const HIDDEN = '[email protected]';
const OWNER = 'owner@acme.example';

const details = {
  name: 'ACME-API',
  created_at: '2019-06-19T19:53:16.886-07:00',
  plan_id: 'oem_plan',
  current_billing_period_start: '2020-09-22T19:15:11.372-07:00',
  current_billing_period_end: '2020-10-22T19:15:11.372-07:00',
  company_name: null,
  location: null,
};
const PROFILE = 'the profile of the workspace is not required by the OpenAPI document, and no connection needs it';

const at = '2015-05-26T22:53:52.532Z';
const later = '2031-02-03T04:05:06.007Z';
const salesforce = {
  id: 36,
  name: 'ACME Production Salesforce connection',
  description: null,
  authorized_at: '2015-05-26T22:53:52.528Z',
  authorization_status: 'success',
  authorization_error: null,
  created_at: at,
  updated_at: at,
  external_id: null,
  folder_id: 4515,
  connection_lost_at: null,
  connection_lost_reason: null,
  parent_id: null,
};
const TAGS = { tags: ['tag-ANgeffPL-3gxQwA'] };
const PROVIDER = 'the OpenAPI document has it beside application';
const input = {
  host_name: 'acme.atlassian.net',
  auth_type: 'api_token',
  email: 'smith@acme.com',
  apitoken: 'XXXXXXXX',
};
const shell = {
  ...salesforce,
  id: 12,
  name: 'Hook',
  authorized_at: null,
  authorization_status: null,
  created_at: later,
  updated_at: later,
};
const NAMED = 'the examples of the fields belong to another connection than the request’s';
const COUNTED = 'ids are counted from 1 in a new harness';
const MOMENT = 'one moment is one time here';
const WITH_TAGS = 'only where they are asked for, as the page "Connections" says';

export const workspace: readonly Exchange[] = [
  {
    operation: 'getWorkspace',
    source: `${DETAILS}: Get workspace details, sample request and response`,
    given: { workspace: { details: { ...details, email: OWNER } } },
    http: 'GET /api/users/me',
    request: {},
    ...leaving(
      json({
        id: 17293,
        ...details,
        expert: false,
        avatar_url: 'https://workato-assets.s3.amazonaws.com/profiles/avatars/000/089/005/large/logo.png?1562399288',
        recipes_count: 49,
        interested_applications: [],
        last_seen: '2020-08-23T23:22:24.329-07:00',
        contact_phone: null,
        contact_email: null,
        about_me: null,
        email: HIDDEN,
        phone: 'xxxxxxxxxx',
        active_recipes_count: 1,
        root_folder_id: 10294,
      }),
      [
        ['id', 1, 'the harness’s own workspace is the first'],
        ['recipes_count', 0, 'there are as many as were put in place'],
        ['active_recipes_count', 0, 'there are as many as were put in place'],
        ['root_folder_id', 1, COUNTED],
        ['email', OWNER, 'the address was hidden from crawlers'],
        ...[
          'expert',
          'avatar_url',
          'interested_applications',
          'last_seen',
          'contact_phone',
          'contact_email',
          'about_me',
          'phone',
        ].map((key) => [key, undefined, PROFILE] as const),
      ],
    ),
    changed: {
      given: {
        tokens: [{ token: 'other', workspace: 1 }],
        workspace: { recipes: [{ id: 3, running: true }, { id: 4 }], details: { company_name: 'Acme' } },
      },
      at: '2031-12-03T04:05:06.007Z',
      http: 'GET /api/users/me',
      request: { headers: { authorization: 'Bearer other' } },
      answer: json({
        id: 1,
        name: 'Workspace 1',
        created_at: '2026-01-01T00:00:00.000Z',
        plan_id: 'oem_plan',
        current_billing_period_start: '2031-12-01T00:00:00.000Z',
        current_billing_period_end: '2032-01-01T00:00:00.000Z',
        recipes_count: 2,
        company_name: 'Acme',
        location: null,
        email: 'author@example.com',
        active_recipes_count: 1,
        root_folder_id: 1,
      }),
    },
  },
  {
    operation: 'listWorkspaceConnections',
    source: `${LIST}, sample request and the first of the response`,
    given: {
      workspace: { folders: [{ id: 4515 }], connections: [{ ...salesforce, provider: 'salesforce', ...TAGS }] },
    },
    http: 'GET /api/connections?includes[]=tags',
    request: { query: { 'includes[]': ['tags'] } },
    ...leaving(json([{ application: 'salesforce', ...salesforce, ...TAGS }]), [['0/provider', 'salesforce', PROVIDER]]),
    changed: {
      given: {
        workspace: {
          folders: [{ id: 4515 }, { id: 81 }],
          connections: [
            { ...shell, provider: 'rest' },
            { id: 13, name: 'x', folder_id: 81 },
          ],
        },
      },
      http: 'GET /api/connections?folder_id=4515',
      request: { query: { folder_id: '4515' } },
      answer: json([{ application: 'rest', provider: 'rest', ...shell }]),
    },
  },
  {
    operation: 'createWorkspaceConnection',
    source: `${DOCUMENT}, the examples of the fields of ConnectionCreateRequest and of Connection`,
    given: {},
    at,
    http: 'POST /api/connections',
    request: { body: { name: 'Prod JIRA connection', provider: 'jira', input } },
    ...leaving(json({ application: 'salesforce', ...salesforce, provider: 'jira', ...TAGS }), [
      ['id', 1, COUNTED],
      ['application', 'jira', NAMED],
      ['name', 'Prod JIRA connection', NAMED],
      ['folder_id', 1, NAMED],
      ['authorized_at', at, MOMENT],
      ['tags', undefined, WITH_TAGS],
    ]),
    changed: {
      given: { workspace: { folders: [{ id: 4515 }] } },
      at: later,
      http: 'POST /api/connections',
      request: { body: { name: 'Hook', provider: 'rest', folder_id: 4515 } },
      answer: json({ application: 'rest', provider: 'rest', ...shell, id: 1 }),
    },
  },
  {
    operation: 'updateWorkspaceConnection',
    source: `${DOCUMENT}, the examples of the fields of ConnectionUpdateRequest and of Connection`,
    given: {
      workspace: { folders: [{ id: 4515 }], connections: [{ ...salesforce, name: 'Before', provider: 'jira' }] },
    },
    at: '2015-05-27T00:00:00.000Z',
    http: 'PUT /api/connections/36',
    request: {
      path: { connection_id: '36' },
      body: {
        name: 'Updated Prod JIRA connection',
        input: { ...input, host_name: 'updated.atlassian.net', email: 'updated@acme.com' },
      },
    },
    ...leaving(json({ application: 'salesforce', ...salesforce, provider: 'jira', ...TAGS }), [
      ['application', 'jira', NAMED],
      ['name', 'Updated Prod JIRA connection', NAMED],
      ['authorized_at', '2015-05-27T00:00:00.000Z', 'it is authorized anew'],
      ['updated_at', '2015-05-27T00:00:00.000Z', 'it is updated after it was created'],
      ['tags', undefined, WITH_TAGS],
    ]),
    changed: {
      given: {
        workspace: { folders: [{ id: 4515 }], connections: [{ ...shell, provider: 'rest', external_id: 'x' }] },
      },
      at: later,
      http: 'PUT /api/connections/12',
      request: { path: { connection_id: '12' }, body: { external_id: 'new' } },
      answer: json({ application: 'rest', provider: 'rest', ...shell, external_id: 'new' }),
    },
  },
  ...(
    [
      ['deleteWorkspaceConnection', 'DELETE', '', 'deleted', 'TestConnectionService_Delete'],
      ['disconnectWorkspaceConnection', 'POST', '/disconnect', 'disconnected', 'TestConnectionService_Disconnect'],
    ] as const
  ).map(([operation, method, action, status, test]): Exchange => {
    const body = { result: { success: true, status } };
    const one = (id: string) => ({
      given: { workspace: { connections: [{ id: Number(id), name: 'Any', provider: 'rest' }] } },
      http: `${method} /api/connections/${id}${action}`,
      request: { path: { connection_id: id } },
      answer: json(body),
    });
    return {
      operation,
      source: `${OWN_CLIENT}/internal/api/connections_test.go (2026-07-21), ${test}`,
      ...one('5'),
      deviations: [{ path: '/body', page: '', ours: body, why: UNREAD }],
      changed: one('12'),
    };
  }),
];
