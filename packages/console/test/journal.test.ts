import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { eventually, HAS_CHROMIUM, IN_CHROMIUM, lookAt, type Surroundings, useConsole } from './browser.ts';

const HOSTILE = '<img src=x onerror="document.title=1">';

/** Asks the harness something as a client of Make does. */
async function asked({ harness }: Surroundings, method: string, path: string, body?: string): Promise<number> {
  const response = await fetch(`${harness.url}/api/v2${path}`, {
    method,
    headers: { authorization: `Token ${harness.token}`, ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body }),
  });
  await response.arrayBuffer();
  return response.status;
}

const rows = (page: Page) => page.locator('.entries tbody tr');

/** Numbers of the rows in the page, from the first. */
async function numbersIn(page: Page): Promise<number[]> {
  const texts = await rows(page).locator('td.number').allTextContents();
  return texts.map(Number).sort((a, b) => b - a);
}

describe.skipIf(!HAS_CHROMIUM)(`the journal${IN_CHROMIUM}`, () => {
  const surroundings = useConsole();

  test('shows requests while they come, opens one, and sends it again', async () => {
    const given = surroundings();
    await asked(given, 'GET', '/sdk/apps');
    const page = await given.open('journal');
    await page.getByRole('link', { name: '1', exact: true }).waitFor();
    // It was not there when the page was opened.
    await asked(given, 'POST', '/sdk/apps', JSON.stringify({ name: 'shop', label: HOSTILE }));
    await page.getByRole('link', { name: '2', exact: true }).click();
    await page.getByRole('heading', { name: 'Request 2' }).waitFor();
    expect(new URL(page.url()).pathname).toBe('/__harness/console/journal/2');
    const shown = await page.getByRole('region', { name: 'Body of the request' }).textContent();
    expect(JSON.parse(shown ?? '')).toEqual({ name: 'shop', label: HOSTILE });
    expect(await page.locator('main img').count()).toBe(0);

    await page.getByRole('button', { name: 'Send again' }).click();
    await page.getByRole('heading', { name: 'Request 3' }).waitFor();
    await page.getByRole('link', { name: 'request 2' }).waitFor();
    expect(await (await given.harness.clients()).make.registry.apps()).toHaveLength(2);
    await lookAt(page, 'journal-entry');
    // A place of its own.
    await page.reload();
    await page.getByRole('heading', { name: 'Request 3' }).waitFor();
  });

  test('copies a request as a command for curl', async () => {
    const given = surroundings();
    const page = await given.open('journal/1');
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.getByRole('button', { name: 'Copy as curl' }).click();
    await page.getByText('Copied.').waitFor();
    const copied = await page.evaluate<string>('navigator.clipboard.readText()');
    expect(copied).toContain(`curl '${given.harness.url}/api/v2/sdk/apps'`);
    expect(copied).toContain('Authorization: Bearer $CONNECTOR_TOKEN');
    expect(copied).not.toContain(given.harness.token);
  });

  test('is filtered, and the address keeps the filter', async () => {
    const given = surroundings();
    expect(await asked(given, 'GET', '/sdk/apps/Nowhere/1')).toBe(404);
    const page = await given.open('journal');
    await page.getByLabel('Status').selectOption('4xx');
    await eventually(() => rows(page).count()).toBe(1);
    expect(new URL(page.url()).search).toBe('?status=4xx');
    // What does not fit does not come.
    await asked(given, 'GET', '/users/me');
    expect(await asked(given, 'GET', '/sdk/apps/Elsewhere/1')).toBe(404);
    await eventually(() => rows(page).count()).toBe(2);
    await page.getByLabel('Part of the path').fill('ELSE');
    await eventually(() => rows(page).count()).toBe(1);
    await page.reload();
    await eventually(() => rows(page).count()).toBe(1);
    expect(await page.getByLabel('Part of the path').inputValue()).toBe('ELSE');
    await page.getByLabel('Part of the path').fill('nothing has this');
    await page.getByText('No request fits the filter.').waitFor();
    await lookAt(page, 'journal-no-match');
  });

  test('says why a request cannot be sent again, and is cleared', async () => {
    const given = surroundings();
    await asked(given, 'POST', '/sdk/apps', JSON.stringify({ name: 'x'.repeat(5000) }));
    const [entry] = await given.harness.journal.list({ limit: 1 });
    const page = await given.open(`journal/${entry?.number}`);
    await page.getByText('It cannot be sent again: its body of 5011 bytes is not in the journal.').waitFor();
    expect(await page.getByRole('button', { name: 'Send again' }).isDisabled()).toBe(true);
    await page.getByRole('link', { name: 'Close' }).click();
    await page.getByRole('button', { name: 'Clear' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Clear' }).click();
    await page.getByText('There are no requests yet.').waitFor();
    expect(await given.harness.journal.list()).toEqual([]);
  });
});

describe.skipIf(!HAS_CHROMIUM)(`a journal of 10,000 requests${IN_CHROMIUM}`, () => {
  const surroundings = useConsole();

  test('is scrolled, filtered and left with the keyboard alone', { timeout: 180_000 }, async () => {
    const given = surroundings();
    for (let done = 0; done < 10_000; done += 100) {
      const some = Array.from({ length: 100 }, (_, index) => {
        const call = done + index;
        return asked(given, 'GET', call % 100 === 7 ? `/sdk/apps/Nowhere/${call}` : `/sdk/apps?call=${call}`);
      });
      await Promise.all(some);
    }
    const entries = await given.harness.journal.list();
    expect(entries).toHaveLength(10_000);
    const [first, last] = [entries[0]?.number ?? 0, entries.at(-1)?.number ?? 0];

    const page = await given.open('journal');
    await page.getByText('10,000 requests').waitFor();
    // A screen reader knows of all, and few are in the page.
    const table = page.getByRole('table', { name: 'Requests' });
    expect(await table.getAttribute('aria-rowcount')).toBe('10001');
    expect(await rows(page).count()).toBeLessThan(60);
    expect((await numbersIn(page))[0]).toBe(last);

    await page.evaluate("document.querySelector('.entries').scrollTop = 5000 * 32");
    await eventually(() => numbersIn(page)).toContain(last - 5000);
    expect(await rows(page).count()).toBeLessThan(60);
    await page.screenshot({ path: `${import.meta.dirname}/../screenshots/journal-middle.png` });
    // What comes does not move what is read.
    await asked(given, 'GET', '/users/me');
    await page.getByRole('button', { name: 'Show 1 new' }).waitFor();
    expect(await numbersIn(page)).toContain(last - 5000);
    await page.getByRole('button', { name: 'Show 1 new' }).click();
    await eventually(async () => (await numbersIn(page))[0]).toBe(last + 1);

    // From the last control before the table into it, and to both of its ends.
    await page.getByRole('button', { name: 'Clear' }).focus();
    await page.keyboard.press('Tab');
    const focused = () => page.evaluate<string>('document.activeElement.textContent');
    expect(await focused()).toBe(String(last + 1));
    await page.keyboard.press('ArrowDown');
    await eventually(focused).toBe(String(last));
    await page.keyboard.press('End');
    await eventually(focused).toBe(String(first + 1));
    await page.keyboard.press('PageUp');
    await eventually(async () => Number(await focused())).toBeGreaterThan(first + 5);
    await page.keyboard.press('Home');
    await eventually(focused).toBe(String(last + 1));
    await lookAt(page, 'journal-list');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: `Request ${last + 1}` }).waitFor();

    await page.getByLabel('Status').selectOption('404');
    await page.getByText('100 requests').waitFor();
    await lookAt(page, 'journal-many');
  });
});
