import { describe, expect, test } from 'vitest';
import { eventually, HAS_CHROMIUM, IN_CHROMIUM, lookAt, useConsole } from './browser.ts';

const CONNECTED = { authorization_status: 'success', authorized_at: '2026-04-01T00:00:00.000Z' } as const;
const HOSTILE = '<img src=x onerror="document.title=1">';

const connections = [
  { id: 1, name: `Works ${HOSTILE}`, provider: 'jira', ...CONNECTED },
  {
    id: 2,
    name: 'Was lost',
    provider: 'jira',
    ...CONNECTED,
    connection_lost_at: '2026-04-02T00:00:00.000Z',
    connection_lost_reason: HOSTILE,
  },
  {
    id: 3,
    name: 'Has failed',
    provider: 'jira',
    authorization_status: 'failed' as const,
    authorization_error: `401 ${HOSTILE}`,
  },
  { id: 4, name: 'Shell' },
];

describe.skipIf(!HAS_CHROMIUM)(`instances${IN_CHROMIUM}`, () => {
  const surroundings = useConsole({
    seed: {
      workato: {
        managed_users: [
          { id: 7, name: `Acme ${HOSTILE}`, external_id: 'A7', connections },
          { id: 8, name: 'Empty', connections: [] },
        ],
      },
    },
  });

  test('customers and their connections are listed, lost and failed ones with their reasons', async () => {
    const { open } = surroundings();
    const page = await open('instances');
    await page.getByRole('table', { name: 'Customers' }).waitFor();
    await lookAt(page, 'instances-customers');
    await page.getByRole('link', { name: /^Acme/ }).click();
    await page.getByRole('table', { name: 'Connections' }).waitFor();
    await lookAt(page, 'instances-connections');
    await page.getByLabel('State').selectOption('lost');
    await eventually(() => page.locator('.panel tbody tr').count()).toBe(1);
    expect(await page.locator('.reason').textContent()).toBe(HOSTILE);
    await page.getByLabel('State').selectOption('failed');
    await eventually(() => page.locator('.reason').textContent()).toBe(`401 ${HOSTILE}`);
    expect(new URL(page.url()).search).toBe('?state=failed');
    expect(await page.locator('main img').count()).toBe(0);
    await page.getByRole('link', { name: 'Empty' }).click();
    await page.getByText('This customer has no connections.').waitFor();
  });

  test('a connection is lost, disconnected and deleted with the keyboard alone', async () => {
    const { harness, open } = surroundings();
    const page = await open('instances/workato/7');
    await page.getByRole('button', { name: /^Lose: Works/ }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor();
    await page.getByLabel('Reason').focus();
    await page.keyboard.type('revoked by hand');
    await lookAt(page, 'instances-lose');
    await page.getByRole('dialog').getByRole('button', { name: 'Lose' }).press('Enter');
    await page.getByText('revoked by hand').waitFor();
    const { instances } = (await harness.clients()).workato;
    expect((await instances.list('7'))[0]?.lost?.reason).toBe('revoked by hand');

    await page.getByRole('button', { name: /^Disconnect: Works/ }).press('Enter');
    // Escape before the dialog is there closes nothing.
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await eventually(() => page.getByRole('dialog').count()).toBe(0);
    await page.getByRole('button', { name: /^Disconnect: Works/ }).press('Enter');
    await page.getByRole('dialog').getByRole('button', { name: 'Disconnect' }).press('Enter');
    await eventually(async () => (await instances.list('7'))[0]?.state).toBe('disconnected');
    await page.getByRole('button', { name: 'Delete: Has failed' }).press('Enter');
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).press('Enter');
    await eventually(async () => (await instances.list('7')).map(({ id }) => id)).toEqual(['1', '2', '4']);
    await eventually(() => page.getByText('Has failed').count()).toBe(0);
  });
});
