import { describe, expect, test } from 'vitest';
import { eventually, HAS_CHROMIUM, IN_CHROMIUM, lookAt, useConsole } from './browser.ts';

const FED = 'acmepaymentscorp';
const at = (local: string) => `${local}.${FED}`;
const HOSTILE = '"><script>document.title=1</script><b>';

const AKANA = {
  users: [{ id: at('adam'), name: 'Adam', email: 'adam@acme.example', roles: ['ApiAdmin' as const] }],
  apis: [
    {
      id: at('api1'),
      name: `Payments ${HOSTILE}`,
      versions: [{ id: at('apiversion1'), name: 'v1', legals: [{ id: 'terms', title: `Terms ${HOSTILE}` }] }],
    },
  ],
  apps: [{ id: at('app1'), name: 'Shop', versions: [{ id: at('appversion1') }] }],
  contracts: ['pending_approval', 'activated', 'cancelled'].map((state) => ({
    id: at(`c-${state}`),
    api_version: at('apiversion1'),
    app_version: at('appversion1'),
    state: `apicontract.status.${state}` as 'apicontract.status.activated',
    description: HOSTILE,
  })),
};

const ANYPOINT = {
  assets: [{ assetId: 'orders', name: 'Orders', terms: { v1: `Be kind. ${HOSTILE}` } }],
  instances: [{ id: 7, assetId: 'orders' }],
  tiers: [
    {
      id: 11,
      instanceId: 7,
      name: 'Gold',
      autoApprove: false,
      limits: [{ maximumRequests: 5, timePeriodInMilliseconds: 1000 }],
    },
    { id: 12, instanceId: 7, name: `Free ${HOSTILE}` },
  ],
  applications: [{ id: 5, name: `Shop ${HOSTILE}` }],
  contracts: [{ id: 3, applicationId: 5, instanceId: 7, status: 'PENDING' as const, requestedTierId: 11 }],
};

describe.skipIf(!HAS_CHROMIUM)(`access${IN_CHROMIUM}`, () => {
  const surroundings = useConsole({ seed: { akana: AKANA, anypoint: ANYPOINT } });

  test('a contract is approved by clicking, as the chosen role', async () => {
    const { harness, open } = surroundings();
    const page = await open('access');
    await page.getByRole('table', { name: 'Contracts' }).waitFor();
    await lookAt(page, 'access-queue');
    await page.getByLabel('Only those that wait for a decision (1)').check();
    await eventually(() => page.locator('tbody tr').count()).toBe(1);
    // Who may decide about nothing is offered nothing.
    await page.getByLabel('Role').selectOption('Reader');
    await page.getByRole('link', { name: /^Shop/ }).click();
    await page.getByText('Reader has no actions on it in this state.').waitFor();
    await page.getByLabel('Role').selectOption('AppTeam');
    const actions = page.getByRole('region', { name: 'Actions' }).getByRole('button');
    await eventually(() => actions.allTextContents()).toEqual(['Cancel']);
    await page.getByLabel('Role').selectOption('ApiAdmin');
    await eventually(() => actions.allTextContents()).toEqual(['Approve', 'Reject']);
    await page.getByLabel('Comment').fill(`Welcome ${HOSTILE}`);
    await lookAt(page, 'access-contract');
    await page.getByRole('button', { name: 'Approve' }).click();
    await eventually(() => actions.allTextContents()).toEqual(['Suspend', 'Cancel']);
    await page.getByText('Approve: pending approval → activated').waitFor();
    expect(await page.locator('blockquote').textContent()).toBe(`Welcome ${HOSTILE}`);
    await page.getByText('Access changed for Sandbox environment').first().waitFor();
    expect(await page.getByText(`Terms ${HOSTILE} not accepted`).count()).toBe(1);

    const [entry] = await harness.journal.list({ platform: 'akana', method: 'POST', limit: 1 });
    expect(entry).toMatchObject({ operation: 'executeContractAction', status: 200 });
    await lookAt(page, 'access-approved');

    // What leads nowhere back is asked for twice.
    await page.getByRole('region', { name: 'Actions' }).getByRole('button', { name: 'Cancel' }).click();
    await lookAt(page, 'access-confirm');
    await page.getByRole('dialog').getByRole('button', { name: 'Go back' }).click();
    await eventually(() => actions.allTextContents()).toEqual(['Suspend', 'Cancel']);
    expect(await page.title()).not.toBe('1');
  });

  test('a request for an API of Anypoint is approved with another tier', async () => {
    const { open } = surroundings();
    const page = await open('access/anypoint/3?role=Manage Contracts');
    await page.getByText('Gold, 5 requests in 1 s, approved by hand').waitFor();
    await page.getByText(`Be kind. ${HOSTILE} not accepted`).waitFor();
    await lookAt(page, 'access-anypoint');
    await page.getByRole('combobox', { name: 'Tier' }).selectOption('12');
    await page.getByRole('button', { name: 'Approve' }).click();
    await page.getByText('Approve: pending → approved').waitFor();
    const facts = await page.locator('.facts').first().textContent();
    expect(facts).toContain(`TierFree ${HOSTILE}`);
    // An action that needs a tier waits for one.
    const assign = page.getByRole('button', { name: 'Assign tier' });
    expect(await assign.isDisabled()).toBe(true);
    await page.getByRole('combobox', { name: 'Tier' }).selectOption('11');
    await assign.click();
    await eventually(() => page.locator('.facts').first().textContent()).toContain('TierGold');
  });

  test('what the platform refuses is shown in its words', async () => {
    const { harness, open } = surroundings();
    await harness.faults.add({
      effect: 'status',
      status: 503,
      message: HOSTILE,
      platform: 'akana',
      calls: 'writes',
      times: 1,
    });
    const page = await open(`access/akana/${at('c-activated')}?role=ApiAdmin`);
    await page.getByRole('button', { name: 'Suspend' }).click();
    await page
      .getByRole('alert')
      .getByText(/it answered with status 503.*<script>/)
      .waitFor();
    expect(await page.locator('main script').count()).toBe(0);
    await page.getByRole('button', { name: 'Suspend' }).click();
    await page.getByRole('button', { name: 'Resume' }).waitFor();
  });
});
