import { type Exchange, type ExchangeVariant, empty, json, leaving } from '../../exchange.ts';
import { DOCUMENT } from './sources.ts';

const PAGES = 'docs.workato.com/oem/oem-api';
const USERS = `Workato’s page "Manage customer accounts" of the Embedded API, ${PAGES}/managed-users.html, as of 2020`;
const FOLDERS = `Workato’s page "Folders" of the Embedded API, ${PAGES}/folders.html`;
const RECIPES = `Workato’s page "Recipes" of the Embedded API, ${PAGES}/recipes.html, as of 2020`;
const TAGS = `Workato’s page "Tag assignments" of the Embedded API, ${PAGES}/tag-assignments.html`;
const OWN_TAGS =
  'Workato’s page "Tag assignments", docs.workato.com/workato-api/tag-assignments.html, last updated 10/11/2024';

const COUNTED = 'ids are counted from 1 in a new harness';
const ZONE = ['time_zone', 'UTC', 'later versions of the page have it'] as const;
const LATER = '2031-02-03T04:05:06.007Z';

const kevin = {
  id: 3498583,
  external_id: 'UU0239093498',
  name: 'Kevin Leary',
  notification_email: 'kevinl@acme.com',
  plan_id: 'oem_plan',
  origin_url: null,
  in_trial: true,
  created_at: '2020-03-06T01:56:20.208Z',
  updated_at: '2020-03-06T01:56:20.625Z',
};
const renamed = { name: 'Kevin K Leary', notification_email: 'kevinl+workatodevops@acme.com' };
const dana = {
  id: 7,
  external_id: null,
  name: 'Dana',
  notification_email: 'dana@acme.example',
  plan_id: null,
  origin_url: 'https://acme.example',
  in_trial: false,
  time_zone: 'Europe/Prague',
  created_at: LATER,
  updated_at: LATER,
};
const PLANS = 'nobody has a plan here who was given none';

const customerA = {
  id: 4676,
  name: 'Customer A',
  notification_email: 'customer-a@a.com',
  plan_id: 'business_yearly',
  in_trial: false,
  created_at: '2019-07-11T10:08:41.693-07:00',
  updated_at: '2019-07-11T10:22:35.132-07:00',
};

const customers: readonly Exchange[] = [
  {
    operation: 'createManagedUser',
    source: `${USERS}: Create customer account, sample request and response`,
    given: {},
    at: kevin.created_at,
    http: 'POST /api/managed_users',
    request: {
      body: { name: 'Kevin Leary', notification_email: 'kevinl@acme.com', external_id: 'UU0239093498' },
    },
    ...leaving(json(kevin), [
      ['id', 1, COUNTED],
      ['plan_id', null, PLANS],
      ['in_trial', false, PLANS],
      ['updated_at', kevin.created_at, 'one moment is one time here'],
      ZONE,
    ]),
    changed: {
      given: { managed_users: [{ id: 1 }] },
      at: LATER,
      http: 'POST /api/managed_users',
      request: {
        body: {
          name: 'Dana',
          notification_email: 'dana@acme.example',
          origin_url: 'https://acme.example',
          time_zone: 'Europe/Prague',
        },
      },
      answer: json({ ...dana, id: 2 }),
    },
  },
  {
    operation: 'updateManagedUser',
    source: `${USERS}: Update customer account, sample request and response`,
    given: { managed_users: [kevin] },
    at: LATER,
    http: 'PUT /api/managed_users/3498583',
    request: { path: { managed_user_id: '3498583' }, body: renamed },
    ...leaving(json({ ...kevin, ...renamed }), [ZONE, ['updated_at', LATER, 'it is updated after it was created']]),
    changed: {
      given: { managed_users: [{ ...dana, external_id: 'd', updated_at: '2031-01-01T00:00:00.000Z' }] },
      at: LATER,
      http: 'PUT /api/managed_users/Ed',
      request: { path: { managed_user_id: 'Ed' }, body: { external_id: null } },
      answer: json(dana),
    },
  },
  {
    operation: 'getManagedUser',
    source: `${USERS}: Get customer account, the response; its request has no id, this one is the response’s`,
    given: { managed_users: [{ ...customerA, external_id: 'A298247' }] },
    http: 'GET /api/managed_users/4676',
    request: { path: { managed_user_id: '4676' } },
    ...leaving(json({ ...customerA, exteranl_id: 'A298247' }), [
      ['exteranl_id', undefined, 'misspelt; the same page spells it as here in its other samples'],
      ['external_id', 'A298247', 'misspelt; the same page spells it as here in its other samples'],
      ['origin_url', null, 'as in the other samples of the page'],
      ZONE,
    ]),
    changed: {
      given: { managed_users: [dana] },
      http: 'GET /api/managed_users/7',
      request: { path: { managed_user_id: '7' } },
      answer: json(dana),
    },
  },
];

const folder = {
  id: 1789,
  name: 'Netsuite production',
  parent_id: 4515,
  created_at: '2020-07-16T10:49:53.337-07:00',
  updated_at: '2020-07-16T10:49:53.347-07:00',
};

const MOMENT = new Date(folder.created_at).toISOString();
const WHOLE = 'the OpenAPI document of Workato’s platform CLI answers a new folder of the workspace with all of it';

const folders: readonly Exchange[] = [
  {
    operation: 'listFolders',
    source: `${FOLDERS}: List folders, sample request and response`,
    given: { managed_users: [{ id: 1199, home: 9, folders: [{ id: 12323 }, { ...folder, parent_id: 12323 }] }] },
    http: 'GET /api/managed_users/1199/folders?parent_id=12323',
    request: { path: { managed_user_id: '1199' }, query: { parent_id: '12323' } },
    ...leaving(json({ result: [folder] }), [['result/0/parent_id', 12323, 'what was asked for is what is inside']]),
    changed: {
      given: { managed_users: [{ id: 7, home: 80, folders: [{ ...folder, id: 81, name: 'A', parent_id: 80 }] }] },
      http: 'GET /api/managed_users/7/folders',
      request: { path: { managed_user_id: '7' } },
      answer: json({ result: [{ ...folder, id: 81, name: 'A', parent_id: 80 }] }),
    },
  },
  {
    operation: 'listProjects',
    source: `${FOLDERS}: List projects, the first of the response; its request has no id`,
    given: { managed_users: [{ id: 1199, home: 9, folders: [{ id: 1563029, name: 'Procure to Pay', parent_id: 9 }] }] },
    http: 'GET /api/managed_users/1199/projects',
    request: { path: { managed_user_id: '1199' } },
    ...leaving(
      json({
        result: [
          {
            id: 649122,
            description: 'Coupa to Netsuite automations',
            folder_id: 1563029,
            name: 'Procure to Pay',
          },
        ],
      }),
      [
        ['result/0/id', 1563029, 'a project has no id beside its folder’s here'],
        ['result/0/description', '', 'folders have no description here'],
      ],
    ),
    changed: {
      given: { managed_users: [{ id: 7, home: 80, folders: [{ id: 81, name: 'A', parent_id: 80 }] }] },
      http: 'GET /api/managed_users/7/projects',
      request: { path: { managed_user_id: '7' } },
      answer: json({ result: [{ id: 81, description: '', folder_id: 81, name: 'A' }] }),
    },
  },
  {
    operation: 'createFolder',
    source: `${FOLDERS}, as of 2020: Create folder, sample request and response; the request has no name, which the page requires`,
    given: { managed_users: [{ id: 91892, home: 9 }] },
    at: LATER,
    http: 'POST /api/managed_users/91892/folders',
    request: { path: { managed_user_id: '91892' }, body: { name: 'Salesforce folder' } },
    ...leaving(json({ id: 3498583 }), [
      ['id', 2, 'ids are counted in a new harness, whose own home folder is the first'],
      ['name', 'Salesforce folder', WHOLE],
      ['parent_id', 9, WHOLE],
      ['created_at', LATER, WHOLE],
      ['updated_at', LATER, WHOLE],
    ]),
    changed: {
      given: { managed_users: [{ id: 7, home: 80, folders: [{ id: 81, name: 'A', parent_id: 80 }] }] },
      at: folder.created_at,
      http: 'POST /api/managed_users/7/folders',
      request: { path: { managed_user_id: '7' }, body: { name: 'Inside', parent_id: 81 } },
      answer: json({ id: 2, name: 'Inside', parent_id: 81, created_at: MOMENT, updated_at: MOMENT }),
    },
  },
];

const recipe29 = {
  id: 1929498,
  name: 'Recipe 29',
  created_at: '2015-05-26T22:53:35.802Z',
  updated_at: '2015-05-26T22:53:35.802Z',
  running: true,
  last_run_at: '2015-05-26T22:43:35.793Z',
  config: [],
};
const seen = { folder_id: 4515, stopped_at: null };
const OTHER_KEYS = 'later versions of the page have these keys';

function turned(action: 'start' | 'stop', user: number, recipe: number): ExchangeVariant {
  return {
    given: { managed_users: [{ id: user, recipes: [{ id: recipe, running: action === 'stop' }] }] },
    http: `PUT /api/managed_users/${user}/recipes/${recipe}/${action}`,
    request: { path: { managed_user_id: String(user), recipe_id: String(recipe) } },
    answer: json({ success: true }),
  };
}

const recipes: readonly Exchange[] = [
  {
    operation: 'listRecipes',
    source: `${RECIPES}: List recipes in a customer account, sample request and response, of which this has what makes connections be in use`,
    given: { managed_users: [{ id: 91829, home: 4515, recipes: [{ ...recipe29, ...seen }] }] },
    http: 'GET /api/managed_users/91829/recipes?active=true',
    request: { path: { managed_user_id: '91829' }, query: { active: 'true' } },
    ...leaving(json({ items: [recipe29] }), [
      ['items', undefined, 'later versions of the page call it result'],
      ['result', [{ ...recipe29, ...seen }], `later versions of the page call it result; ${OTHER_KEYS}`],
    ]),
    changed: {
      given: {
        managed_users: [
          {
            id: 7,
            recipes: [
              { ...recipe29, ...seen, id: 3, folder_id: 81 },
              { id: 4, running: true },
            ],
            folders: [{ id: 81 }],
          },
        ],
      },
      http: 'GET /api/managed_users/7/recipes?folder_id=81',
      request: { path: { managed_user_id: '7' }, query: { folder_id: '81' } },
      answer: json({ result: [{ ...recipe29, ...seen, id: 3, folder_id: 81 }] }),
    },
  },
  {
    operation: 'startRecipe',
    source: `${RECIPES}: Start recipe in a customer account, sample request and response`,
    ...turned('start', 91929, 1028949),
    changed: turned('start', 7, 3),
  },
  {
    operation: 'stopRecipe',
    source: `${RECIPES}: Stop recipe in a customer account, sample request and response`,
    ...turned('stop', 91929, 1028949),
    changed: turned('stop', 7, 3),
  },
];

const rewired = (user: number, recipe: number, adapter_name: string, connection: number): ExchangeVariant => ({
  given: {
    managed_users: [
      { id: user, recipes: [{ id: recipe }], connections: [{ id: connection, name: 'Any', provider: adapter_name }] },
    ],
  },
  http: `PUT /api/managed_users/${user}/recipes/${recipe}/connect`,
  request: {
    path: { managed_user_id: String(user), recipe_id: String(recipe) },
    body: { adapter_name, connection_id: connection },
  },
  answer: json({ success: true }),
});

const connecting: Exchange = {
  operation: 'connectRecipe',
  source: `${DOCUMENT}: PUT /api/recipes/{recipe_id}/connect, the workspace’s twin: the examples of RecipeConnectionUpdateRequest and of SuccessResponse`,
  ...rewired(91929, 1028949, 'salesforce', 772461),
  changed: rewired(7, 3, 'jira', 12),
};

const tagged = {
  connections: [{ id: 1571346, name: 'Jira', provider: 'jira' }],
  recipes: [{ id: 54525313 }],
  tags: [{ handle: 'tag-ANgdXgTF-bANz3H', title: 'Accounting' }],
};
const assigning = { add_tags: ['tag-ANgdXgTF-bANz3H'], recipe_ids: [54525313], connection_ids: [1571346] };
const otherTagged = {
  connections: [{ id: 12, name: 'Hook', provider: 'rest', tags: ['tag-x'] }],
  tags: [{ handle: 'tag-x' }],
};
const taking = { remove_tags: ['tag-x'], connection_ids: [12] };

const tags: readonly Exchange[] = [
  {
    operation: 'assignCustomerTags',
    source: `${TAGS}: Manage tag assignments, sample request and response`,
    given: { managed_users: [{ id: 19029, ...tagged }] },
    http: 'POST /api/v2/managed_users/19029/tags_assignments',
    request: { path: { managed_user_id: '19029' }, body: assigning },
    answer: empty(200),
    changed: {
      given: { managed_users: [{ id: 7, ...otherTagged }] },
      http: 'POST /api/v2/managed_users/7/tags_assignments',
      request: { path: { managed_user_id: '7' }, body: taking },
      answer: empty(200),
    },
  },
  {
    operation: 'assignWorkspaceTags',
    source: `${OWN_TAGS}: Manage tag assignments, sample request and response`,
    given: { workspace: tagged },
    http: 'POST /api/tags_assignments',
    request: { body: assigning },
    answer: empty(200),
    changed: {
      given: { workspace: otherTagged },
      http: 'POST /api/tags_assignments',
      request: { body: taking },
      answer: empty(200),
    },
  },
];

export const surroundings: readonly Exchange[] = [...customers, ...folders, ...recipes, connecting, ...tags];
