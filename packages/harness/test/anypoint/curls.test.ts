import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { APPLICATIONS, GROUP, INSTANCE, MANUAL, ORGANIZATION, SANDBOX, start, TIER } from './exchange.ts';

/**
 * Every curl of MuleSoft's page "Request Access" of the Exchange API, in its order, run by curl itself. Replaced are
 * the host, ANYPOINT_TOKEN and the `:placeholders`, and nothing else.
 */
const HOST = 'https://anypoint.mulesoft.com';
const json = ['-H', 'accept: application/json', '-H', 'authorization: bearer ANYPOINT_TOKEN'];
const sent = [...json, '-H', 'content-type: application/json'];
const ASSET = `${HOST}/exchange/api/v2/assets/:groupId/:assetId/versionGroups/:versionGroup`;
const ORGANIZATIONS = `${HOST}/exchange/api/v2/organizations`;

interface Curl {
  readonly title: string;
  readonly words: readonly string[];
  readonly replaced: Readonly<Record<string, string>>;
  /** What is there before, besides the page's API and its instance. */
  readonly given: object;
  /** A part of what is printed. */
  readonly expected: unknown;
}

const api = { ':groupId': ORGANIZATION, ':assetId': 'connected-raml', ':versionGroup': 'v1' };
const group = { ...api, ':assetId': 'great-group' };
const groups = { ...GROUP, group_instances: [{ ...GROUP.group_instances[0], id: 956703 }] };
const application = { id: 273626, name: 'new application for my rest-api' };

const CURLS: readonly Curl[] = [
  {
    title: '1.1 the instances of a REST API',
    words: [`${ASSET}/instances`, '-H', 'Authorization: Bearer ANYPOINT_TOKEN'],
    replaced: api,
    given: {},
    expected: [{ id: '956703', type: 'managed', name: 'v1:956703' }],
  },
  {
    title: '1.2 the instances of an API group',
    words: [`${ASSET}/apiGroupInstances`, ...json],
    replaced: group,
    given: groups,
    expected: [{ id: 956703, apiInstances: [{ id: 891105, apiId: 342424 }, {}] }],
  },
  {
    title: '2.1 a new application',
    words: [
      `${ORGANIZATIONS}/:organizationId/applications?apiInstanceId=956703`,
      ...sent,
      '-d',
      '{"name":"new-application","description":"description","url":"http://app-url.com","redirectUri":["http://oauth-2.0-app-url.com"],"grantTypes":[],"apiEndpoints":false}',
    ],
    replaced: { ':organizationId': ORGANIZATION },
    given: {},
    expected: { name: 'new-application', redirectUri: ['http://oauth-2.0-app-url.com'], grantTypes: [] },
  },
  {
    title: '2.2 the applications of a user',
    words: [`${ORGANIZATIONS}/:masterOrganizationId/applications`, ...json],
    replaced: { ':masterOrganizationId': ORGANIZATION },
    given: { applications: [application] },
    expected: [{ id: 273626, name: 'new application for my rest-api' }],
  },
  {
    title: '3.1 the tiers of an API instance',
    words: [`${ASSET}/instances/:instanceId/tiers`, ...json],
    replaced: { ...api, ':instanceId': '956703' },
    given: { tiers: [TIER] },
    expected: [{ id: 171457, name: 'new SLA', apiId: 956703, limits: TIER.limits }],
  },
  {
    title: '3.2 the tiers of an API group instance',
    words: [`${ASSET}/environments/:environmentId/apiGroupInstances/:apiGroupInstanceId/tiers`, ...json],
    replaced: { ...group, ':environmentId': SANDBOX, ':apiGroupInstanceId': '956703' },
    given: { ...groups, tiers: [{ ...MANUAL, id: 171457, kind: 'api-group', name: 'api-group-sla' }] },
    expected: [{ id: 171457, name: 'api-group-sla', apiGroupInstanceId: 956703, autoApprove: false }],
  },
  {
    title: '4 a contract',
    words: [
      `${ORGANIZATIONS}/:organizationId/applications/:applicationId/contracts`,
      ...sent,
      '-d',
      '{"apiId":956703,"instanceType":"api","requestedTierId":171457,"acceptedTerms":true,"organizationId":"5a673b98-92f4-459d-b950-daeed7a8165d","groupId":"5a673b98-92f4-459d-b950-daeed7a8165d","assetId":"connected-raml","version":"1.0.0","versionGroup":"v1"}',
    ],
    replaced: { ':organizationId': ORGANIZATION, ':applicationId': '273626' },
    given: { tiers: [TIER], applications: [application] },
    expected: { status: 'APPROVED', applicationId: 273626, tier: { id: 171457 }, api: { id: 956703 } },
  },
];

const run = promisify(execFile);

async function curl({ words, replaced }: Curl, url: string, token: string): Promise<unknown> {
  const filled = words.map((word) => {
    const here = word.replace(HOST, url).replace('ANYPOINT_TOKEN', token);
    const names = Object.entries(replaced).sort(([a], [b]) => b.length - a.length);
    return word.startsWith(HOST) ? names.reduce((text, [name, value]) => text.replaceAll(name, value), here) : here;
  });
  const { stdout } = await run('curl', ['--silent', '--show-error', '--fail-with-body', '--max-time', '20', ...filled]);
  return JSON.parse(stdout);
}

test.each(CURLS)('$title, as it is printed', async (printed) => {
  const { harness } = await start(printed.given);
  const answer = await curl(printed, harness.url, harness.token);
  expect(answer).toMatchObject(printed.expected as object);
  if (Array.isArray(printed.expected)) expect(answer).toHaveLength(printed.expected.length);
});

test('all of them in the page’s order, each with the ids that those before it gave', async () => {
  const tiers = [TIER, { ...MANUAL, id: 5, kind: 'api-group', instanceId: 956703, name: 'api-group-sla' }];
  const { harness, ask } = await start({ ...groups, instances: [INSTANCE, ...GROUP.instances], tiers });
  const made: { id?: number } = {};
  for (const printed of CURLS) {
    const own = printed.replaced[':applicationId'] === undefined ? {} : { ':applicationId': String(made.id) };
    const answer = await curl({ ...printed, replaced: { ...printed.replaced, ...own } }, harness.url, harness.token);
    if (printed.title.startsWith('2.1')) Object.assign(made, answer);
    if (printed.title.startsWith('2.2')) expect(answer).toMatchObject([{ id: made.id, name: 'new-application' }]);
    if (printed.title.startsWith('4')) expect(answer).toMatchObject({ status: 'APPROVED', applicationId: made.id });
  }
  expect((await ask('GET', `${APPLICATIONS}/${made.id}/contracts`)).body).toMatchObject([{ status: 'APPROVED' }]);
});
