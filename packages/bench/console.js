// The console in Chromium: its first view beside empty pages, and the frames of its journal while requests come. Needs an
// installed Chromium.
//   pnpm bench console [--seconds 5] [--rounds 3]
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { createHarness } from '@connectorkit/harness';
import { chromium } from 'playwright-core';
import { measureFirstView } from './console-first-view.js';
import { measureJournal } from './console-journal.js';

const { values: asked } = parseArgs({
  args: process.argv.slice(2).filter((word) => word !== 'console' && word !== '--'),
  options: { seconds: { type: 'string', default: '5' }, rounds: { type: 'string', default: '3' } },
});

const FIND = 'command -v chromium || command -v chromium-browser || command -v google-chrome';
const executablePath = spawnSync('sh', ['-c', FIND], { encoding: 'utf8' }).stdout.trim();
if (executablePath === '') {
  console.error('This benchmark needs Chromium: apt-get install chromium');
  process.exit(2);
}

const harness = await createHarness();
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
try {
  await measureFirstView(browser);
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  const { url, token, controlToken } = harness;
  const headers = { authorization: `Bearer ${controlToken}` };
  const response = await fetch(`${url}/__harness/console-links`, { method: 'POST', headers });
  const { link } = /** @type {{ link: { path: string } }} */ (await response.json());
  await page.goto(`${url}${link.path}`);
  await page.getByRole('heading', { level: 1 }).waitFor();
  await measureJournal({ browser, page, url, token, seconds: Number(asked.seconds), rounds: Number(asked.rounds) });
} finally {
  await browser.close();
  await harness.close();
}
