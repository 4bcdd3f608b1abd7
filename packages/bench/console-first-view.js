// How long the console takes to show the first of 1,000 connections, in turn with two empty pages of the same server, in
// the same browser: a blank page, which loads nothing, and the console where nothing was pushed. From the start of the
// navigation to the frame after what is asked for is in the page. Every page is opened in a new window whose cache is
// empty (cold), and again (warm). Medians of the ratios of pairs are told, because what else runs changes both alike.
// Beside them the least that any page does which loads a script and shows an answer: a dozen lines by hand, on a bare
// server, which get the same answer with no session to check and write the same table.
import { createServer } from 'node:http';
import { createHarness } from '@connectorkit/harness';

const CONNECTIONS = 1000;
const ROUNDS = 31;
/** Times of each empty page that the first view may take. */
const MOST = 1.5;

/** The page by hand. */
const FLOOR = {
  '/': [
    'text/html',
    '<!doctype html><title>Floor</title><div id="page"></div><script type="module" src="/page.js"></script>',
  ],
  '/page.js': [
    'text/javascript',
    `const { connections } = await (await fetch('/names')).json();
    const cells = ({ name, label, app, type }) => [label, name, app, type].map((text) => '<td>' + text + '</td>').join('');
    const rows = connections.map((each) => '<tr>' + cells(each) + '</tr>').join('');
    document.getElementById('page').innerHTML = '<table><tbody>' + rows + '</tbody></table>';`,
  ],
};

/** Serves the page by hand with an answer of the harness. @param {string} names */
async function serveFloor(names) {
  const answers = { ...FLOOR, '/names': ['application/json', names] };
  const server = createServer(({ url = '' }, response) => {
    const [type, body] = answers[url] ?? ['text/plain', ''];
    response.writeHead(type === 'text/plain' ? 404 : 200, { 'content-type': type }).end(body);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  return { url: `http://127.0.0.1:${port}`, close: () => new Promise((resolve) => server.close(resolve)) };
}

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

  const headers = { authorization: `Bearer ${harness.controlToken}` };
  const names = await fetch(`${harness.url}/__harness/platforms/make/connection-names?limit=25`, { headers });
  const floor = await serveFloor(await names.text());

  /** Page → its server, its path, and the selector of what shows that it is there. */
  const PAGES = {
    blank: { server: harness, path: '/__harness/callback', selector: 'h1' },
    none: { server: empty, path: '/__harness/console/', selector: '.empty' },
    floor: { server: floor, path: '/', selector: 'tbody tr' },
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
    const order = [...NAMES.slice(round % NAMES.length), ...NAMES.slice(0, round % NAMES.length)];
    for (const name of order) {
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
  await floor.close();

  const median = (values) => values.toSorted((one, other) => one - other)[values.length >> 1];
  for (const [cache, times] of Object.entries(seen)) {
    const ratio = (name, of = 'console') => median(times.get(of).map((each, at) => each / times.get(name)[at]));
    const figures = NAMES.map((name) => `${name} ${median(times.get(name)).toFixed(1)} ms`).join(', ');
    console.log(`${cache}: ${figures}; the page by hand ${ratio('blank', 'floor').toFixed(2)}× the blank page`);
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
