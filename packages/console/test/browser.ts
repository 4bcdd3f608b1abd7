import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createHarness, type Harness, type HarnessOptions } from '@connectorkit/harness';
import axe from 'axe-core';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';

const FIND = 'command -v chromium || command -v chromium-browser || command -v google-chrome';

/** The path of the installed Chromium; empty when there is none, and tests that need it are skipped. */
const CHROMIUM = process.platform === 'win32' ? '' : spawnSync('sh', ['-c', FIND], { encoding: 'utf8' }).stdout.trim();

export const HAS_CHROMIUM = CHROMIUM !== '';

/** The end of the name of a test that needs it. */
export const IN_CHROMIUM = HAS_CHROMIUM ? ', in Chromium' : ' (not run: no Chromium is installed)';

/** Folder of the screenshots; git ignores it. */
const SCREENSHOTS = join(import.meta.dirname, '../screenshots');

/** How long something may take to be there, on a machine that does other things too. */
export const WAIT = { timeout: 15_000 };

const WIDE = { width: 1440, height: 900 };
const NARROW = { width: 360, height: 780 };

/** Harness and browser of a test file. */
export interface Surroundings {
  readonly harness: Harness;
  /** A browser window of a user who has not been there yet. What its pages ask of other hosts fails the test. */
  context(): Promise<BrowserContext>;
  /** The console at a place, such as `connections/shop`, in a new window with a session. */
  open(place?: string): Promise<Page>;
}

/**
 * Starts a harness and a browser for the tests of a file, and closes what each of them opened. A page that breaks the
 * console's security policy, throws, or asks something of another host fails its test.
 */
export function useConsole(options: HarnessOptions = {}): () => Surroundings {
  let harness: Harness | undefined;
  let browser: Browser | undefined;
  const contexts: BrowserContext[] = [];
  const wrong: string[] = [];
  beforeAll(async () => {
    harness = await createHarness(options);
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
  });
  afterEach(async () => {
    for (const each of contexts.splice(0)) await each.close();
    expect(wrong.splice(0)).toEqual([]);
  });
  afterAll(async () => {
    await browser?.close();
    await harness?.close();
  });
  return () => {
    if (harness === undefined || browser === undefined) throw new Error('nothing was started');
    const [at, window] = [harness, browser];
    const context = async () => {
      const made = await window.newContext({ viewport: WIDE });
      contexts.push(made);
      made.on('request', (request) => {
        if (!request.url().startsWith(`${at.url}/`)) wrong.push(`asked ${request.url()}`);
      });
      made.on('weberror', (error) => wrong.push(String(error.error())));
      made.on('console', (message) => {
        if (message.type() === 'error' && /Content Security Policy|Trusted/i.test(message.text())) {
          wrong.push(message.text());
        }
      });
      return made;
    };
    const open = async (place = '') => {
      const page = await (await context()).newPage();
      await page.goto(`${at.url}${await linkOf(at)}`);
      await page.locator('h1').waitFor();
      if (place !== '') await page.goto(`${at.url}/__harness/console/${place}`);
      await page.locator('h1').waitFor();
      return page;
    };
    return { harness: at, context, open };
  };
}

/** Expects something of what becomes true after a while; a busy machine takes long. */
export function eventually<Value>(get: () => Value | Promise<Value>) {
  return expect.poll(get, { timeout: 15_000 });
}

/** A one-time link to the console: a path with a code. */
export async function linkOf({ url, controlToken }: Harness): Promise<string> {
  const headers = { authorization: `Bearer ${controlToken}` };
  const response = await fetch(`${url}/__harness/console-links`, { method: 'POST', headers });
  return ((await response.json()) as { link: { path: string } }).link.path;
}

/** Asks the harness's own API with its control token, as a command does. */
export async function askHarness({ url, controlToken }: Harness, method: string, path: string, body?: object) {
  const response = await fetch(`${url}/__harness${path}`, {
    method,
    headers: { authorization: `Bearer ${controlToken}`, ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  });
  return (await response.json()) as Record<string, never>;
}

/** What axe finds in a page; nothing of it is let pass. */
async function violationsIn(page: Page): Promise<readonly string[]> {
  await expect.poll(() => page.locator('p.state[role=status]').count(), WAIT).toBe(0);
  const before = await page.evaluate("'axe' in globalThis");
  if (!before) await page.evaluate(axe.source);
  const found = (await page.evaluate('axe.run(document)')) as {
    violations: { id: string; help: string; nodes: { target: string[]; failureSummary?: string }[] }[];
  };
  return found.violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')}: ${failureSummary}`),
  );
}

const LOOKS = [
  ...(['light', 'dark'] as const).flatMap((colorScheme) => [
    { name: `${colorScheme}-wide`, colorScheme, size: WIDE },
    { name: `${colorScheme}-narrow`, colorScheme, size: NARROW },
  ]),
];

/** Texts of the cells that stick out of their row, and captions of the tables that are wider than what is seen of them. */
const CUT = `[
  ...Array.from(document.querySelectorAll('td, th'))
    .filter((cell) => cell.getBoundingClientRect().right > cell.parentElement.getBoundingClientRect().right + 1)
    .map((cell) => cell.textContent),
  ...Array.from(document.querySelectorAll('.scroll:has(> table)'))
    .filter((each) => each.scrollWidth > each.clientWidth)
    .map((each) => each.getAttribute('aria-label')),
]`;

/**
 * Looks at a page in light and dark, wide and narrow: axe finds nothing, it is not wider than the window, no table is
 * cut off, and a screenshot of it is written.
 */
export async function lookAt(page: Page, name: string): Promise<void> {
  mkdirSync(SCREENSHOTS, { recursive: true });
  for (const { name: look, colorScheme, size } of LOOKS) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.setViewportSize(size);
    expect(await violationsIn(page), `${name}, ${look}`).toEqual([]);
    expect(
      await page.evaluate('document.documentElement.scrollWidth'),
      `width of ${name}, ${look}`,
    ).toBeLessThanOrEqual(size.width);
    expect(await page.evaluate(CUT), `what is cut off in ${name}, ${look}`).toEqual([]);
    await page.screenshot({ path: join(SCREENSHOTS, `${name}-${look}.png`), fullPage: true });
  }
  await page.setViewportSize(WIDE);
}
