import { spawnSync } from 'node:child_process';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';

const FIND = 'command -v chromium || command -v chromium-browser || command -v google-chrome';

/** The path of the installed Chromium; empty when there is none, and tests that need it are skipped. */
const CHROMIUM = process.platform === 'win32' ? '' : spawnSync('sh', ['-c', FIND], { encoding: 'utf8' }).stdout.trim();

export const HAS_CHROMIUM = CHROMIUM !== '';

/** The end of the name of a test that needs it. */
export const IN_CHROMIUM = HAS_CHROMIUM ? ', in Chromium' : ' (not run: no Chromium is installed)';

/** Starts a browser for the tests of a describe; gives a page of a user who has not been there yet. */
export function useChromium(): () => Promise<Page> {
  let browser: Browser | undefined;
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
  });
  afterAll(() => browser?.close());
  return async () => {
    const context = await browser?.newContext();
    if (context === undefined) throw new Error('no browser was started');
    return context.newPage();
  };
}

/** Signs in at the local provider's page as the demo user and agrees, until the browser is back at the command. */
export async function agree(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await page.fill('[name=password]', 'demo-password');
  await page.click('button[value=allow]');
  await page.getByText('The provider has answered').waitFor();
}
