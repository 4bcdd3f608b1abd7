import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { HAS_CHROMIUM, IN_CHROMIUM, linkOf, lookAt, useConsole } from './browser.ts';

const DIST = join(import.meta.dirname, '../dist');

/** Bytes that all that the first view loads may have, compressed. */
const BUDGET = 120 * 1024;

test('the first view loads at most 120 KB, and no editor', () => {
  const page = readFileSync(join(DIST, 'index.html'), 'utf8');
  const files = [...page.matchAll(/(?:src|href)="\/__harness\/console\/([^"]+)"/g)].map(([, file = '']) => file);
  expect(files.some((file) => file.endsWith('.js'))).toBe(true);
  const texts = [page, ...files.map((file) => readFileSync(join(DIST, file), 'utf8'))];
  const bytes = texts.reduce((sum, text) => sum + gzipSync(text, { level: 9 }).length, 0);
  expect(bytes).toBeLessThan(BUDGET);
  expect(texts.join('\n')).not.toContain('cm-content');
  expect(readdirSync(join(DIST, 'assets')).some((file) => file.startsWith('editor-'))).toBe(true);
});

describe.skipIf(!HAS_CHROMIUM)(`the console${IN_CHROMIUM}`, () => {
  const surroundings = useConsole({ seed: { make: { app: 'shop', connections: [{ type: 'basic', label: 'Main' }] } } });

  test('is opened by a link that can be used once', async () => {
    const { harness, context } = surroundings();
    const link = await linkOf(harness);
    const window = await context();
    const page = await window.newPage();
    await page.goto(`${harness.url}${link}`);
    await page.getByRole('heading', { name: 'Connections', level: 1 }).waitFor();
    expect(page.url()).toBe(`${harness.url}/__harness/console/`);

    const [cookie, ...others] = await window.cookies(harness.url + link);
    expect(others).toEqual([]);
    expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Strict', path: '/__harness', domain: '127.0.0.1' });
    expect(await page.evaluate('document.cookie')).toBe('');

    const other = await (await context()).newPage();
    await other.goto(`${harness.url}${link}`);
    await other.getByRole('heading', { name: 'Open the console again' }).waitFor();
    await lookAt(other, 'no-session');
  });

  test('says when its session has ended', async () => {
    const { harness, context } = surroundings();
    const window = await context();
    const page = await window.newPage();
    await page.goto(`${harness.url}${await linkOf(harness)}`);
    await page.getByRole('heading', { name: 'Connections', level: 1 }).waitFor();
    await window.clearCookies();
    await page.getByRole('link', { name: 'Access', exact: true }).click();
    await page.getByRole('heading', { name: 'Open the console again' }).waitFor();
  });

  test('every view is free of violations, light and dark, wide and narrow, and has an address of its own', async () => {
    const { open } = surroundings();
    const page = await open();
    const links = page.getByRole('navigation', { name: 'Views' }).getByRole('link');
    const titles = await links.allTextContents();
    expect(titles.length).toBeGreaterThan(1);
    for (const title of titles) {
      await page.getByRole('link', { name: title, exact: true }).click();
      await page.getByRole('heading', { level: 1, name: title }).waitFor();
      expect(await page.title()).toBe(`${title} · Connectorkit`);
      await lookAt(page, title.toLowerCase().replaceAll(/\W+/g, '-'));
      await page.reload();
      await page.getByRole('heading', { level: 1, name: title }).waitFor();
    }
  });
});
