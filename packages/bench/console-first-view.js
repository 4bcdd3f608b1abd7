// How long the console takes to show the first of 1,000 connections, in turn with two empty pages of the same server, in
// the same browser: a blank page, which loads nothing, and the console where nothing was pushed. From the start of the
// navigation to the frame after what is asked for is in the page. Every page is opened in a new window whose cache is
// empty (cold), and again (warm). Medians of the ratios of pairs are told, because what else runs changes both alike.
import { createHarness } from '@connectorkit/harness';

const CONNECTIONS = 1000;
const ROUNDS = 31;
/** Times of each empty page that the first view may take. */
const MOST = 1.5;

/** Measures, tells, and sets the exit code where a target is missed. @param {import('playwright-core').Browser} browser */
export async function measureFirstView(browser) {
  const harness = await createHarness();
  const empty = await createHarness();
  const connections = Array.from({ length: CONNECTIONS }, (_, index) => ({
    type: 'basic',
    label: `Connection ${index}`,
  }));
  await harness.seed('make', { app: 'shop', connections });
  const { registry } = (await harness.clients()).make;
  for (const { name } of await registry.list('shop')) {
    await registry.setSection(name, 'api', '{ "url": "https://api.acme.test/me" }');
  }

  /** Page → its server, its path, and the selector of what shows that it is there. */
  const PAGES = {
    blank: { server: harness, path: '/__harness/callback', selector: 'h1' },
    none: { server: empty, path: '/__harness/console/', selector: '.empty' },
    console: { server: harness, path: '/__harness/console/', selector: 'tbody tr' },
  };
  const NAMES = Object.keys(PAGES);

  /** Milliseconds from the start of a navigation to the frame that shows a selector. */
  async function timed(page, { server, path, selector }) {
    await page.goto(`${server.url}${path}`, { waitUntil: 'commit' });
    return page.evaluate(
      (wanted) =>
        new Promise((resolve) => {
          const look = () => {
            if (document.querySelector(wanted) === null) return requestAnimationFrame(look);
            requestAnimationFrame(() => setTimeout(() => resolve(performance.now())));
          };
          look();
        }),
      selector,
    );
  }

  const seen = { cold: new Map(), warm: new Map() };
  const session = await browser.newContext();
  for (const { server, selector } of [PAGES.none, PAGES.console]) {
    const headers = { authorization: `Bearer ${server.controlToken}` };
    const { link } = await (await fetch(`${server.url}/__harness/console-links`, { method: 'POST', headers })).json();
    const opened = await session.newPage();
    await opened.goto(`${server.url}${link.path}`);
    await opened.locator(selector).first().waitFor();
  }
  const storageState = await session.storageState();
  await session.close();

  for (let round = 0; round <= ROUNDS; round++) {
    // Which comes first changes, so that none gains by it.
    const names = [...NAMES.slice(round % NAMES.length), ...NAMES.slice(0, round % NAMES.length)];
    for (const name of names) {
      const context = await browser.newContext({ storageState });
      const page = await context.newPage();
      for (const times of Object.values(seen)) {
        const milliseconds = await timed(page, PAGES[name]);
        await page.goto('about:blank');
        // The first round warms up.
        if (round > 0) times.set(name, [...(times.get(name) ?? []), milliseconds]);
      }
      await context.close();
    }
  }
  await harness.close();
  await empty.close();

  const median = (values) => values.toSorted((one, other) => one - other)[values.length >> 1];
  for (const [cache, times] of Object.entries(seen)) {
    const own = times.get('console');
    const ratio = (name) => median(own.map((each, index) => each / times.get(name)[index]));
    const figures = NAMES.map((name) => `${name} ${median(times.get(name)).toFixed(1)} ms`).join(', ');
    console.log(`${cache}: ${figures}`);
    for (const [name, words] of [
      ['blank', 'the blank page'],
      ['none', 'the console without any'],
    ]) {
      const found = ratio(name);
      if (found >= MOST) process.exitCode = 1;
      const met = found < MOST ? 'met' : 'MISSED';
      console.log(`${met}: ${cache}, with ${CONNECTIONS} connections ${found.toFixed(2)}× ${words}, less than ${MOST}`);
    }
  }
}
