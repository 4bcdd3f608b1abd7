import { describe, expect, test } from 'vitest';
import { HAS_CHROMIUM, IN_CHROMIUM, lookAt, useConsole, WAIT } from './browser.ts';

const API = `{
  // Where the key is checked.
  "url": "https://api.example.com/me",
  "headers": { "authorization": "Bearer {{parameters.apiKey}}" },
  "response": { "metadata": { "type": "text", "value": "{{body.name}}" } },
  "lgo": { "sanitize": ["request.headers.authorization"] }
}
`;
const PARAMETERS = '[{ "name": "apiKey", "type": "password", "label": "API key", "required": true }]\n';

describe.skipIf(!HAS_CHROMIUM)(`the view of connections${IN_CHROMIUM}`, () => {
  const onDisk: Record<string, string> = { api: API.replace('"lgo"', '"log"'), parameters: PARAMETERS };
  const surroundings = useConsole({
    seed: { make: { app: 'shop', connections: [{ type: 'basic', label: 'Main' }] } },
    filesOf: async (name) => (name === 'shop' ? onDisk : undefined),
  });

  test('shows each section, what is wrong with it at its line, and when it was pushed', async () => {
    const { harness, open } = surroundings();
    await harness.clock.set('2030-01-01T00:00:00Z', { frozen: true });
    const { registry } = (await harness.clients()).make;
    await registry.setSection('shop', 'api', API);
    await registry.setSection('shop', 'parameters', PARAMETERS);
    const page = await open();
    const row = page.getByRole('row', { name: 'Main' });
    await expect.poll(() => row.textContent(), WAIT).toContain('1 error');
    await row.getByRole('link', { name: 'Main', exact: true }).click();

    await page.getByRole('heading', { level: 1, name: 'Main' }).waitFor();
    expect(await page.locator('time').getAttribute('datetime')).toBe('2030-01-01T00:00:00.000Z');
    const editor = page.getByRole('textbox', { name: 'Section api' });
    expect(await editor.textContent()).toContain('// Where the key is checked.');
    expect(await page.locator('.cm-lint-marker-error').count()).toBe(1);

    // A diagnostic leads to its place, which is an address of its own.
    await page.getByRole('button', { name: /^shop\/api\.jsonc:6:/ }).click();
    expect(new URL(page.url()).search).toMatch(/^\?section=api&line=6&column=\d+$/);
    await expect.poll(() => page.locator('.cm-activeLine').textContent(), WAIT).toContain('"lgo"');
    await page.reload();
    await expect.poll(() => page.locator('.cm-activeLine').textContent(), WAIT).toContain('"lgo"');
    await lookAt(page, 'connection');

    await page.getByRole('link', { name: 'parameters' }).click();
    expect(await page.getByRole('textbox', { name: 'Section parameters' }).textContent()).toContain('API key');
  });

  test('shows how the sections differ from the files of the project, and from a snapshot', async () => {
    const { harness, open } = surroundings();
    const { registry } = (await harness.clients()).make;
    await registry.setSection('shop', 'api', API);
    await harness.snapshot('before');
    const page = await open('connections/shop');
    const against = page.getByRole('combobox', { name: 'Compare with' });
    await against.selectOption({ label: 'the files of the project' });
    const differences = page.getByRole('region', { name: 'Differences in api' });
    await differences.waitFor();
    expect(await differences.locator('.removed').textContent()).toContain('"lgo"');
    expect(await differences.locator('.added').textContent()).toContain('"log"');

    await registry.setSection('shop', 'api', API.replace('/me"', '/users/me"'));
    await against.selectOption({ label: 'snapshot before' });
    await expect.poll(() => differences.locator('.added').textContent(), WAIT).toContain('/users/me');
    expect(await differences.locator('.removed').textContent()).toContain('example.com/me');
    await lookAt(page, 'connection-differences');
  });

  test('a connection that is not there is told of in the words of the harness', async () => {
    const page = await surroundings().open('connections/shpo');
    expect(await page.getByRole('alert').textContent()).toContain('Did you mean shop?');
  });
});

describe.skipIf(!HAS_CHROMIUM)(`the list of many connections${IN_CHROMIUM}`, () => {
  const labels = Array.from({ length: 30 }, (_, index) => ({ type: 'basic' as const, label: `Number ${index + 1}` }));
  const surroundings = useConsole({ seed: { make: { app: 'shop', connections: labels } } });

  test('has pages with addresses of their own, and is searched while it is written', async () => {
    const page = await surroundings().open('connections');
    const rows = page.locator('tbody tr');
    await expect.poll(() => rows.count(), WAIT).toBe(25);
    const pages = page.getByRole('navigation', { name: 'Pages' });
    expect(await pages.textContent()).toBe('Page 1 of 2, 30 connectionsNext');
    await pages.getByRole('link', { name: 'Next' }).click();
    await expect.poll(() => rows.count(), WAIT).toBe(5);
    await page.reload();
    await expect.poll(() => rows.count(), WAIT).toBe(5);
    await lookAt(page, 'many-connections');

    await page.getByRole('searchbox', { name: 'Search' }).pressSequentially('number 30');
    await expect.poll(() => rows.count(), WAIT).toBe(1);
    expect(await rows.textContent()).toContain('Number 30');
    expect(new URL(page.url()).search).toBe('?search=number+30');
    expect(await pages.count()).toBe(0);
    await page.getByRole('searchbox', { name: 'Search' }).fill('number 31');
    await page.getByText('No connection has “number 31” in its name, label or app.').waitFor();
  });
});
