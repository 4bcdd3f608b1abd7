import { describe, expect, test } from 'vitest';
import { eventually, HAS_CHROMIUM, IN_CHROMIUM, lookAt, useConsole } from './browser.ts';

const HOSTILE = '<img src=x onerror="document.title=1">';

describe.skipIf(!HAS_CHROMIUM)(`faults and time${IN_CHROMIUM}`, () => {
  const surroundings = useConsole({ seed: { make: { app: 'shop', connections: [{ type: 'basic', label: 'Main' }] } } });

  test('a fault is set, counts down while requests fail, and is cleared', async () => {
    const { harness, open } = surroundings();
    const statusOf = async () => {
      const headers = { authorization: `Token ${harness.token}` };
      return (await fetch(`${harness.url}/api/v2/sdk/apps`, { headers })).status;
    };
    const page = await open('faults');
    await page.getByText('No fault is injected').waitFor();
    await page.getByText('Set a fault').click();
    await page.getByLabel('Effect').selectOption('status');
    await page.getByLabel('Platform').selectOption('make');
    await page.getByLabel('Operation').fill('listApps');
    await page.getByLabel(/^How many times/).fill('3');
    await page.getByLabel('Status of the answer').fill('418');
    await lookAt(page, 'faults-form');
    await page.getByRole('button', { name: 'Set the fault' }).click();
    await page.getByText('0 of 3 times, 3 left').waitFor();
    expect(await statusOf()).toBe(418);
    await page.getByText('1 of 3 times, 2 left').waitFor();
    await lookAt(page, 'faults-set');

    // The journal says which request it struck.
    await page.getByRole('link', { name: 'Journal' }).click();
    await page.getByText('fault status').waitFor();
    await page.goBack();
    await page.getByRole('button', { name: 'Remove status, fault 1' }).click();
    await page.getByText('No fault is injected').waitFor();
    expect(await statusOf()).toBe(200);

    await harness.faults.add({ effect: 'latency', milliseconds: 5, message: HOSTILE });
    await page.getByText(HOSTILE).waitFor();
    await page.getByRole('button', { name: 'Clear all faults' }).click();
    await page.getByText('No fault is injected').waitFor();
    expect(await harness.faults.list()).toEqual([]);
  });

  test('a wrong fault is refused in words', async () => {
    const { open } = surroundings();
    const page = await open('faults');
    await page.getByText('Set a fault').click();
    await page.getByLabel('Share').fill('2');
    await page.getByRole('button', { name: 'Set the fault' }).click();
    await page
      .getByRole('alert')
      .getByText('The field share of a fault must be a number above 0 and at most 1, not 2.')
      .waitFor();
    await page.getByLabel('Share').fill('');
    await page.getByLabel('Operation').fill('listAps');
    await page.getByRole('button', { name: 'Set the fault' }).click();
    await page.getByText('Did you mean listApps?').waitFor();
    await page.getByLabel('Effect').selectOption('expired-code');
    await page.getByText('The local provider refuses an authorization code as expired').waitFor();
    expect(await page.getByLabel('Platform').count()).toBe(0);
  });

  test('the clock is moved, set, stopped and made real again', async () => {
    const { harness, open } = surroundings();
    const page = await open('faults');
    await page.getByText('real time', { exact: true }).waitFor();
    const before = (await harness.clock.now()).getTime();
    await page.getByRole('button', { name: '+ 1 hour' }).click();
    await page.getByText('moved', { exact: true }).waitFor();
    expect((await harness.clock.now()).getTime() - before).toBeGreaterThanOrEqual(3_600_000);
    await page.getByLabel('Date and time (UTC)').fill('2030-01-31T12:00:00');
    await page.getByLabel('Stop the clock there').check();
    await page.getByRole('button', { name: 'Set', exact: true }).click();
    await page.getByText('stopped', { exact: true }).waitFor();
    expect(await page.locator('.clock time').textContent()).toBe('2030-01-31 12:00:00 UTC');
    expect(await harness.clock.now()).toEqual(new Date('2030-01-31T12:00:00Z'));
    await lookAt(page, 'clock-stopped');
    await page.getByRole('button', { name: 'Real time' }).click();
    await page.getByText('real time', { exact: true }).waitFor();
    expect(Math.abs((await harness.clock.now()).getTime() - Date.now())).toBeLessThan(60_000);
  });

  test('a snapshot is taken and restored, and everything is reset, with the keyboard alone', async () => {
    const { harness, open } = surroundings();
    const { registry } = (await harness.clients()).make;
    const page = await open('faults');
    await page.getByLabel('Name of a snapshot').focus();
    await page.keyboard.type('before');
    await page.keyboard.press('Enter');
    await page.getByText('Saved the snapshot before.').waitFor();
    await registry.createApp({ name: 'extra', label: 'Extra' });
    expect(await registry.apps()).toHaveLength(2);
    await page.getByRole('button', { name: 'Restore before' }).press('Enter');
    await lookAt(page, 'snapshot-restore');
    await page.getByRole('dialog').getByRole('button', { name: 'Restore' }).press('Enter');
    await eventually(async () => (await registry.apps()).length).toBe(1);
    await page.getByRole('button', { name: 'Reset' }).press('Enter');
    await page.getByRole('dialog').getByRole('button', { name: 'Reset' }).press('Enter');
    await eventually(async () => (await registry.apps()).length).toBe(0);
    // The session outlives it.
    await page.getByRole('button', { name: 'Delete before' }).press('Enter');
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).press('Enter');
    await page.getByText('There is no snapshot yet.').waitFor();
    expect(await harness.snapshots()).toEqual([]);
    await page.getByLabel('Name of a snapshot').fill('../etc');
    await page.getByRole('button', { name: 'Take a snapshot' }).click();
    await page
      .getByRole('alert')
      .getByText(/cannot be the name of a snapshot/)
      .waitFor();
  });
});
