import { fileURLToPath } from 'node:url';
import { filesIn } from '@connectorkit/sdk/node';
import { projectTexts } from '@connectorkit/sdk/project';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { askHarness, HAS_CHROMIUM, IN_CHROMIUM, lookAt, useConsole, WAIT } from './browser.ts';

const TEMPLATE = fileURLToPath(new URL('../../../templates/oauth2-pkce', import.meta.url));

/** Signs in at the local provider as the demo user, and agrees. */
async function signIn(page: Page): Promise<void> {
  await page.fill('[name=password]', 'demo-password');
  await agree(page);
}

/** Agrees as the user who has signed in. */
async function agree(page: Page): Promise<void> {
  await page.click('button[value=allow]');
  await page.getByRole('heading', { name: 'Connected' }).waitFor();
}

/** A script that keeps what has the focus at the very moment when the dialog is gone, before anything else happens. */
const NOTE_FOCUS_WITHOUT_DIALOG = `
  new MutationObserver((_, observer) => {
    if (document.querySelector('dialog') !== null) return;
    globalThis.focused = document.activeElement.textContent;
    observer.disconnect();
  }).observe(document, { subtree: true, childList: true });`;

/** Each kind of field, and each visual one. */
const FORM = [
  { type: 'banner', title: 'Keys end after a year.', text: 'See **Settings**.', theme: 'info' },
  { type: 'markdown', label: 'Find the key under *API*.' },
  { type: 'html', label: '<p>Write it <b>here</b>.</p>' },
  { type: 'separator' },
  {
    name: 'apiKey',
    type: 'password',
    label: 'API key',
    help: 'From [settings](https://example.com/keys).',
    required: true,
  },
  {
    name: 'environment',
    type: 'select',
    label: 'Environment',
    options: [
      { label: 'Live', value: 'live', default: true },
      { label: 'Own server', value: 'own', nested: [{ name: 'host', type: 'text', label: 'Host', required: true }] },
    ],
  },
  {
    name: 'region',
    type: 'radio',
    label: 'Region',
    options: [
      { value: 'eu', label: 'EU' },
      { value: 'us', label: 'US' },
    ],
  },
  { name: 'sandbox', type: 'boolean', label: 'Sandbox', nested: [{ name: 'seed', type: 'uinteger', label: 'Seed' }] },
  { name: 'agreed', type: 'checkbox', label: 'Agreed' },
  { name: 'port', type: 'port', label: 'Port', advanced: true, editable: { enabled: true, help: 'Rarely needed.' } },
  { name: 'tags', type: 'array', label: 'Tags', labels: { add: 'Add a tag' }, spec: { type: 'text', label: 'Tag' } },
  { name: 'proxy', type: 'collection', label: 'Proxy', spec: [{ name: 'url', type: 'url', label: 'URL' }] },
  { name: 'project', type: 'select', label: 'Project', options: 'rpc://listProjects' },
];
const API = {
  url: 'https://api.acme.test/me',
  headers: { 'x-api-key': '{{parameters.apiKey}}' },
  response: { metadata: { type: 'text', value: '{{body.name}}' } },
  log: { sanitize: ['request.headers.x-api-key'] },
};

const SCRIPT = '<img src=x onerror="globalThis.hacked=1"><script>globalThis.hacked=1</script>';
const HOSTILE = [
  { type: 'banner', title: SCRIPT, text: `${SCRIPT} [link](javascript:globalThis.hacked=1)` },
  { type: 'html', label: `<p>${SCRIPT}</p>` },
  { type: 'markdown', label: `# ${SCRIPT}\n\n![pixel](https://evil.example/pixel.png)\n\n<https://example.com>` },
  { name: 'apiKey', type: 'password', label: SCRIPT, help: `${SCRIPT} [a](data:text/html,x)` },
  { name: 'choice', type: 'select', label: 'Choice', options: [{ label: SCRIPT, value: SCRIPT }] },
];
/** Types that every object has something for. */
const ODD = ['constructor', '__proto__', 'toString'].map((type) => ({ name: type, type, label: `Of type ${type}` }));
const HOSTILE_API = {
  url: 'https://api.acme.test/me',
  headers: { authorization: 'Bearer {{parameters.apiKey}}' },
  response: { valid: '{{false}}', error: { message: SCRIPT } },
  log: { sanitize: ['request.headers.authorization'] },
};

describe.skipIf(!HAS_CHROMIUM)(`trying connections${IN_CHROMIUM}`, () => {
  const surroundings = useConsole();
  let name = '';
  beforeAll(async () => {
    const { harness } = surroundings();
    const { connections } = await harness.seedProject({ project: projectTexts(filesIn(TEMPLATE)) });
    name = Object.values(connections)[0] ?? '';
    const { registry } = (await harness.clients()).make;
    await harness.seed('make', { app: 'forms', connections: [{ type: 'apikey', label: 'All fields' }] });
    await registry.setSection('forms', 'parameters', JSON.stringify(FORM));
    await registry.setSection('forms', 'api', JSON.stringify(API, undefined, 2));
    await registry.setSection('forms', 'installSpec', '[{ "name": "clientId", "type": "text", "label": "Client ID" }]');
    await harness.seed('make', { app: 'evil', connections: [{ type: 'apikey', label: SCRIPT }] });
    await registry.setSection('evil', 'parameters', JSON.stringify(HOSTILE));
    await harness.seed('make', { app: 'odd', connections: [{ type: 'apikey', label: 'Odd' }] });
    await registry.setSection('odd', 'parameters', JSON.stringify(ODD));
    await registry.setSection('evil', 'api', JSON.stringify(HOSTILE_API));
  });

  test('connects with OAuth 2 and PKCE by clicking, and follows the token until it is revoked', async () => {
    const { harness, open } = surroundings();
    const page = await open();
    await page
      .getByRole('row')
      .filter({ hasText: name })
      .getByRole('link', { name: /^Try it/ })
      .click();
    await page.getByRole('button', { name: 'Connect', exact: true }).click();
    const opened = page.context().waitForEvent('page');
    await page.getByRole('link', { name: 'Continue with the provider' }).click();
    await page.getByRole('status').filter({ hasText: 'waiting' }).waitFor();
    await signIn(await opened);

    // The page notices that the browser has come back.
    await page.getByRole('status').filter({ hasText: 'connected' }).waitFor();
    expect(page.url()).toBe(`${harness.url}/__harness/console/try/${name}/${name}-1`);
    expect(await page.locator('.metadata').textContent()).toBe('demo@example.com');
    const stored = page.getByRole('region', { name: 'Stored data' });
    expect(await stored.textContent()).toContain('accessToken');

    const trace = page.getByRole('region', { name: 'Trace of the last run' });
    const steps = trace.locator('.trace > li > details > summary > strong');
    expect(await steps.allTextContents()).toEqual(['authorize', 'token', 'info']);
    await trace.getByText('token', { exact: true }).click();
    expect(await trace.getByText('grant_type=authorization_code').textContent()).toContain('code_verifier=[redacted');
    await lookAt(page, 'instance');

    await page.getByRole('button', { name: 'Refresh' }).click();
    await trace.getByText('refresh: done').waitFor();
    await trace.getByText('skipped').first().waitFor();
    await page.getByRole('button', { name: 'Expire now' }).click();
    await page.getByRole('dialog').waitFor();
    await lookAt(page, 'instance-dialog');
    await page.getByRole('button', { name: 'Move the clock' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Refresh' }).click();
    await expect.poll(() => trace.locator('summary').first().textContent(), WAIT).toContain('→ 200');
    expect(await trace.locator('summary').first().textContent()).toContain('refresh');

    await page.getByRole('button', { name: 'Reauthorize' }).click();
    const openedAgain = page.context().waitForEvent('page');
    await page.getByRole('link', { name: 'Continue with the provider' }).click();
    // The provider knows the user from before, and asks for nothing but consent.
    await agree(await openedAgain);
    await expect.poll(() => steps.allTextContents(), WAIT).toEqual(['authorize', 'token', 'info']);
    await page.getByRole('status').filter({ hasText: 'connected' }).waitFor();
    expect(await page.getByRole('link', { name: 'Continue with the provider' }).count()).toBe(0);

    await page.getByRole('button', { name: 'Revoke' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
    await page.waitForURL(`${harness.url}/__harness/console/try/${name}`);
    expect((await askHarness(harness, 'GET', '/platforms/make/instances')).instances).toEqual([]);
  });

  test('an expression of the trace leads to its line in the section', async () => {
    const { harness, open } = surroundings();
    const connected = await (await harness.instances('make')).connect(name, { local: true, headless: true });
    const page = await open(`try/${name}/${connected.instance?.id}`);
    await page.locator('.trace summary').filter({ hasText: 'token' }).first().click();
    const own = page.locator('.expressions details').filter({ hasText: /token\.body\.code =/ });
    await own.locator('summary').click();
    await own.getByRole('link', { name: /^api:\d+:\d+$/ }).click();
    await page.getByRole('textbox', { name: 'Section api' }).waitFor();
    await expect.poll(() => page.locator('.cm-activeLine').textContent(), WAIT).toContain('"code": "{{temp.code}}"');
  });

  test('the form is Make’s: nested, advanced and editable fields, visual kinds, and that of administrators', async () => {
    const { open } = surroundings();
    const page = await open('try/forms');
    await page.getByLabel('API key (required)').waitFor();
    expect(await page.getByLabel('API key (required)').getAttribute('type')).toBe('password');
    expect(await page.getByRole('link', { name: 'settings' }).getAttribute('href')).toBe('https://example.com/keys');
    expect(await page.getByRole('note').textContent()).toBe('Keys end after a year.See Settings.');
    expect(await page.getByText('Write it here.').count()).toBe(1);
    expect(await page.getByLabel('Environment').locator('option:checked').textContent()).toBe('Live');

    expect(await page.getByLabel('Host (required)').count()).toBe(0);
    await page.getByLabel('Environment').selectOption({ label: 'Own server' });
    await page.getByLabel('Host (required)').fill('shop.example.com');
    expect(await page.getByLabel('Seed').count()).toBe(0);
    await page.getByRole('group', { name: 'Sandbox' }).getByLabel('Yes').check();
    await page.getByLabel('Seed').fill('-1');
    expect(await page.getByLabel('Port').count()).toBe(0);
    await page.getByLabel('Show advanced settings').check();
    await page.getByLabel('Port').fill('70000');
    await page.getByRole('button', { name: 'Add a tag' }).click();
    await page.getByLabel('Tag', { exact: true }).fill('first');
    await page.getByRole('group', { name: 'Proxy' }).getByLabel('URL').fill('https://proxy.example.com');
    expect(await page.getByText('Make asks rpc://listProjects for the options of Project.').count()).toBe(1);
    await lookAt(page, 'form');

    // The harness says which values the form does not take; each stands with its field.
    await page.getByRole('button', { name: 'Connect', exact: true }).click();
    await expect.poll(() => page.getByLabel('Port').getAttribute('aria-invalid'), WAIT).toBe('true');
    expect(await page.getByLabel('Seed').getAttribute('aria-invalid')).toBe('true');
    expect(await page.getByLabel('API key (required)').getAttribute('aria-invalid')).toBe('true');
    expect(await page.getByLabel('Host (required)').getAttribute('aria-invalid')).toBe('false');
    await lookAt(page, 'form-problems');

    await page.getByRole('link', { name: 'Edit', exact: true }).click();
    await expect.poll(() => page.getByLabel('API key (required)').isDisabled(), WAIT).toBe(true);
    await page.getByLabel('Show advanced settings').check();
    expect(await page.getByLabel('Port').isEnabled()).toBe(true);
    expect(await page.getByText('Rarely needed.').count()).toBe(1);
    await page.getByRole('link', { name: 'Install (administrator)' }).click();
    await page.getByLabel('Client ID').waitFor();
    await page.reload();
    await page.getByLabel('Client ID').waitFor();
  });

  test('works from the keyboard', async () => {
    const { harness, open } = surroundings();
    const page = await open('try/forms');
    await page.getByLabel('API key (required)').focus();
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/try\/forms\/forms-\d+$/);
    await page.getByRole('button', { name: 'Delete' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor();
    await page.evaluate(NOTE_FOCUS_WITHOUT_DIALOG);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(await page.evaluate('globalThis.focused')).toBe('Delete');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.waitForURL(`${harness.url}/__harness/console/try/forms`);

    // The arrow keys move within a table, and Skip to the content leads there.
    await page.goto(`${harness.url}/__harness/console/connections`);
    await page.getByRole('table').waitFor();
    const links = page.locator('tbody td:first-child a');
    await links.first().focus();
    await page.keyboard.press('ArrowDown');
    const second = await links.nth(1).textContent();
    expect(await page.evaluate('document.activeElement.textContent')).toBe(second);
  });

  test('what a hostile connection says is text', async () => {
    const { open } = surroundings();
    const page = await open('try/evil');
    await page.getByRole('button', { name: 'Connect', exact: true }).waitFor();
    const shown = (await page.locator('main').textContent()) ?? '';
    expect(shown.split('onerror="globalThis.hacked=1"').length).toBeGreaterThan(4);
    expect(await page.locator('main :is(img, script, iframe, object, svg)').count()).toBe(0);
    const hrefs = await page.evaluate(
      '[...document.querySelectorAll("main a")].map((link) => link.getAttribute("href"))',
    );
    expect(
      (hrefs as string[]).filter((href) => !/^(\/__harness\/console\/|https:\/\/example\.com)/.test(href)),
    ).toEqual([]);
    await lookAt(page, 'hostile-form');

    await page.getByRole('button', { name: 'Connect', exact: true }).click();
    await page.getByRole('alert').filter({ hasText: 'onerror' }).waitFor();
    await lookAt(page, 'hostile-failure');
    for (const place of ['connections', 'connections/evil', 'try']) {
      await page.goto(page.url().replace(/\/console\/.*/, `/console/${place}`));
      await page.locator('main').getByText('onerror').first().waitFor();
    }
    expect(await page.evaluate('globalThis.hacked')).toBeUndefined();
    await page.goto(page.url().replace(/\/console\/.*/, '/console/try/odd'));
    await expect.poll(() => page.getByLabel(/^Of type/).count(), WAIT).toBe(3);
  });
});
