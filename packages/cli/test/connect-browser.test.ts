import { readdirSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { agree, HAS_CHROMIUM, IN_CHROMIUM, useChromium } from './chromium.ts';
import { WRITTEN, writeConnection } from './connections.ts';
import { run } from './connector.ts';
import { type Following, follow, projectFrom, start, stopAll } from './project.ts';

/* What people do in a browser beside agreeing, and what others do to the address that it returns to. */

let project: string;
beforeAll(async () => {
  project = await projectFrom('oauth2');
  await start(['harness', '--port', '0'], project);
});
afterAll(stopAll);

/** Connects, and gives the address to open once it is printed. */
async function connecting(...args: readonly string[]) {
  const command = follow(['connect', ...args, '--local', '--print-url'], project);
  await expect.poll(command.talk, { timeout: 20_000 }).toContain('Open this address');
  return { command, url: /http:\S+/.exec(command.talk())?.[0] ?? '' };
}

const said = (command: Following) => command.talk() + command.output();
const connected = async () => (await run(['connections', 'list'], { cwd: project })).stdout.match(/main-\d+/g) ?? [];

/** A return to the command that somebody forged. */
function forged(url: string): string {
  const callback = new URL(new URL(url).searchParams.get('redirect_uri') ?? '');
  callback.search = '?code=f0rged-code-1234&state=somebody-elses';
  return callback.href;
}

describe.skipIf(!HAS_CHROMIUM)(`in a browser${IN_CHROMIUM}`, () => {
  const newPage = useChromium();

  async function opened(url: string): Promise<Page> {
    const page = await newPage();
    await page.goto(url);
    return page;
  }

  test('a user who denies is reported, and nothing is kept', async () => {
    const { command, url } = await connecting('main');
    const page = await opened(url);
    await page.click('button[value=deny]');
    await page.getByText('The provider refused. The terminal shows the reason').waitFor();
    expect(await command.ended).toBe(1);
    expect(said(command)).toContain('run/denied');
    expect(said(command)).toContain('access_denied: The user did not agree.');
    expect(await connected()).toEqual([]);
    await page.context().close();
  });

  test('a wrong password is said on the page, and the right one connects', async () => {
    const { command, url } = await connecting('main');
    const page = await opened(url);
    await page.fill('[name=password]', 'a-wrong-password');
    await page.click('button[value=allow]');
    await page.getByText('There is no user with this name and password.').waitFor();
    await page.fill('[name=password]', 'demo-password');
    await page.click('button[value=allow]');
    await page.getByText('The provider has answered').waitFor();
    expect(await command.ended, said(command)).toBe(0);
    expect(said(command)).toContain('Connected main as demo@example.com');
    await page.context().close();
  });

  test('a browser that is closed is waited for until the timeout, which says what to do', async () => {
    const { command, url } = await connecting('main', '--timeout', '4');
    const page = await opened(url);
    await page.context().close();
    expect(await command.ended).toBe(1);
    expect(said(command)).toContain('connect/no-callback');
    expect(said(command)).toContain('The browser did not return within 4 seconds.');
    expect(said(command)).toContain('allow more time with --timeout');
    expect(said(command)).toContain('connections/main/api.jsonc:');
  });

  test('another page cannot end the wait, whichever way it asks for the callback', async () => {
    const { command, url } = await connecting('main');
    const page = await newPage();
    const server = createServer((_, response) => {
      response.setHeader('content-type', 'text/html');
      response.end(`<img src="${forged(url)}"><iframe src="${forged(url)}"></iframe>`);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    await page.goto(`http://localhost:${(server.address() as AddressInfo).port}/`, { waitUntil: 'load' });
    server.close();
    await page.goto(forged(url));
    await page.getByText('This response is not used.').waitFor();
    await expect.poll(command.talk).toContain('A browser returned without the state');
    await agree(page, url);
    expect(await command.ended, said(command)).toBe(0);
    expect(said(command).split('A browser returned without the state')).toHaveLength(2);
    expect(said(command)).not.toContain('f0rged-code');
    await page.context().close();
  });
});

test('if only forged returns come until the timeout, the state is the problem', async () => {
  const before = await connected();
  const { command, url } = await connecting('main', '--timeout', '3', '--json');
  for (let count = 0; count < 2; count++) expect((await fetch(forged(url))).status).toBe(400);
  expect(await command.ended).toBe(1);
  const { data, diagnostics } = JSON.parse(command.output());
  expect(diagnostics).toMatchObject([{ code: 'run/state', file: 'connections/main/api.jsonc', line: 4 }]);
  expect(data.trace.steps).toMatchObject([{ name: 'authorize', outcome: 'failed' }]);
  expect(said(command)).not.toContain('f0rged-code');
  expect(await connected()).toEqual(before);
});

test('a verifier that is sent as it is, which the provider refuses, is shown nowhere', async () => {
  const { api, ...written } = WRITTEN.pkce ?? { type: 'oauth', api: {}, connects: [] };
  const plain = JSON.parse(
    JSON.stringify(api)
      .replaceAll('code_verifier":"{{uuid', 'made":"{{uuid')
      .replaceAll('temp.code_verifier', 'temp.made')
      .replace(/"code_challenge":"[^"]*"/, '"code_challenge":"{{temp.made}}"')
      .replace('"S256"', '"plain"'),
  );
  writeConnection(project, 'plain', { ...written, api: plain });
  const { command, url } = await connecting('plain', '--trace');
  const verifier = new URL(url).searchParams.get('code_challenge') ?? '';
  expect(verifier).toMatch(/^[\w-]{72}$/);
  await (await fetch(url)).text();
  expect(await command.ended).toBe(1);
  expect(said(command)).toContain('not supported value of code_challenge_method');
  const { command: other, url: second } = await connecting('plain', '--json');
  const verifiers = [verifier, new URL(second).searchParams.get('code_challenge') ?? ''];
  await (await fetch(second)).text();
  expect(await other.ended).toBe(1);
  const journal = (await run(['harness', 'journal', '--json', '--limit', '1000'], { cwd: project })).stdout;
  expect(journal).toContain('code_challenge=[redacted]');
  const files = readdirSync(project, { recursive: true, encoding: 'utf8' })
    .map((name) => join(project, name))
    .filter((name) => statSync(name).isFile());
  const texts = [
    // The address itself is what has to be opened.
    said(command).replace(url, ''),
    said(other).replace(second, ''),
    ...[journal, ...files.map((name) => readFileSync(name, 'latin1'))],
  ];
  for (const each of verifiers) expect(texts.filter((text) => text.includes(each))).toEqual([]);
});
