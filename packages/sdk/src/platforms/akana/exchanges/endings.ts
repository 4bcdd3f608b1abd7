import type { Exchange, ExchangeAnswer } from '../../exchange.ts';

/* Pages of which what was stored ends within the answer: these are the answers that can be read, or that have no body. */

const pageOf = (operation: string, name: string) =>
  `Akana’s page "${operation}", help.akana.com/content/current/cm/api/${name}.htm`;

const plain = (body: string): ExchangeAnswer => ({ status: 200, mediaType: 'text/plain', body });
const USER = '522320b9-cb6b-495d-ae07-e4b3bfdb3f6a.acmepaymentscorp';

export const endings: readonly Exchange[] = [
  {
    operation: 'deleteApp',
    source: `${pageOf('DELETE /api/apps/{AppID}', 'apps/m_apps_deleteApp')}, older version at docs.akana.com: sample request and response`,
    given: { apps: [{ id: 'app10035.acmepaymentscorp', versions: [{ id: 'appversion1.acmepaymentscorp' }] }] },
    http: 'DELETE /api/apps/app10035.acmepaymentscorp',
    request: { path: { AppID: 'app10035.acmepaymentscorp' } },
    answer: plain('app10035.acmepaymentscorp'),
    changed: {
      given: { settings: { tenant: 'globex' }, apps: [{ id: 'app9.globex', versions: [{ id: 'av10.globex' }] }] },
      http: 'DELETE /api/apps/app9.globex',
      request: { path: { AppID: 'app9.globex' } },
      answer: plain('app9.globex'),
    },
  },
  {
    operation: 'deleteApi',
    source: `Akana’s page "DELETE /api/apis/{APIID}", docs.akana.com/cm/api/apis/m_apis_deleteAPI.htm: sample request; 200, there is no response body`,
    given: { apis: [{ id: '8bebe599-3b97-45bc-a6a7-73542af275a7.acmepaymentscorp' }] },
    http: 'DELETE /api/apis/8bebe599-3b97-45bc-a6a7-73542af275a7.acmepaymentscorp',
    request: { path: { APIID: '8bebe599-3b97-45bc-a6a7-73542af275a7.acmepaymentscorp' } },
    answer: plain(''),
    changed: {
      given: { settings: { tenant: 'globex' }, apis: [{ id: 'api9.globex' }] },
      http: 'DELETE /api/apis/api9.globex',
      request: { path: { APIID: 'api9.globex' } },
      answer: plain(''),
    },
  },
  {
    operation: 'deleteGroup',
    source: `${pageOf('DELETE /api/groups/{GroupID}', 'groups/m_groups_deleteGroup')}: sample request, and the answer in words: the id of the group`,
    given: { groups: [{ id: 'group24385.acmepaymentscorp', name: 'Group' }] },
    http: 'DELETE /api/groups/group24385.acmepaymentscorp',
    request: { path: { GroupID: 'group24385.acmepaymentscorp' } },
    answer: plain('group24385.acmepaymentscorp'),
    changed: {
      given: { settings: { tenant: 'globex' }, groups: [{ id: 'group7.globex', name: 'Other' }] },
      http: 'DELETE /api/groups/group7.globex',
      request: { path: { GroupID: 'group7.globex' } },
      answer: plain('group7.globex'),
    },
  },
  {
    operation: 'logout',
    source: `${pageOf('POST /api/login/logout', 'login/m_login_logout')}: sample request; 200, there is no response body`,
    given: {},
    http: 'POST /api/login/logout?fedmemberId=acmepaymentscorp',
    request: { query: { fedmemberId: 'acmepaymentscorp' } },
    answer: plain(''),
    changed: {
      given: { settings: { tenant: 'globex' } },
      http: 'POST /api/login/logout?fedmemberId=globex',
      request: { query: { fedmemberId: 'globex' } },
      answer: plain(''),
    },
  },
  {
    operation: 'getNotificationsCount',
    source: `${pageOf('GET /api/users/{UserID}/notifications/count', 'users/m_users_getNotificationsCount')}: sample request and response`,
    given: { users: [{ id: USER }] },
    http: `GET /api/users/${USER}/notifications/count`,
    request: { path: { UserID: USER } },
    answer: plain('0'),
    deviations: [{ path: '/body', page: '12', ours: '0', why: 'notifications come of what happens, and nothing has' }],
    changed: {
      given: { settings: { tenant: 'globex' }, users: [{ id: 'jane.globex' }] },
      http: 'GET /api/users/jane.globex/notifications/count',
      request: { path: { UserID: 'jane.globex' } },
      answer: plain('0'),
    },
  },
];
