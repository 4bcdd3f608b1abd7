import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createHarness, type Harness } from '@connectorkit/harness';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { run, temporaryFolder } from './connector.ts';

/* The commands of docs/how-to/make-project.md, in another order: the app is pulled, and becomes a project of Make's own. */

const page = readFileSync(new URL('../../../docs/how-to/make-project.md', import.meta.url), 'utf8');

/** The command lines and files below a heading. */
function below(heading: string) {
  const [, text = ''] = new RegExp(`^## ${heading}$(.*?)(?=^## |$(?![\\s\\S]))`, 'ms').exec(page) ?? [];
  return [...text.matchAll(/^```(\w+)[^\n]*\n(.*?)^```$/gms)].map(([, language = '', code = '']) => ({
    language,
    code,
  }));
}

let harness: Harness;
let app: string;
beforeAll(async () => {
  harness = await createHarness();
  const { registry } = (await harness.clients()).make;
  ({ name: app } = await registry.createApp({ name: 'my-app', label: 'My app' }));
  const connection = await registry.create(app, { type: 'apikey', label: 'Shop' });
  await registry.setSection(connection.name, 'api', '{ "url": "https://api.acme.test/me" }');
});
afterAll(() => harness.close());

test('an app is pulled, converted to Make’s layout, worked on there, and converted back', async () => {
  let cwd = temporaryFolder();
  const type = async (code: string) => {
    for (const line of code.trim().split('\n')) {
      const [, ...args] = line.split(' ');
      if (line.startsWith('cd ')) cwd = join(cwd, args[0] ?? '');
      else {
        const {
          code: exit,
          stdout,
          stderr,
        } = await run(args, { cwd, input: `${harness.token}\n`, env: { CONNECTOR_HOST_MAKE: harness.url } });
        expect(exit, `${line}: ${stdout}${stderr}`).toBe(0);
      }
    }
  };
  for (const { language, code } of below('Only the app on the platform exists')) {
    if (language === 'sh') await type(code);
    else {
      const here = code.replace('"zone": "eu1"', `"url": "${harness.url}"`).replace('my-app-ab12cd', app);
      expect(here).not.toBe(code);
      writeFileSync(join(cwd, 'connector.json'), here);
    }
  }
  const listed = await run(['list', '--json'], { cwd });
  expect(JSON.parse(listed.stdout).data.connections).toHaveLength(1);
  expect(listed.stdout).toContain('Shop');

  await type('connector convert --layout make');
  const sections = () => readdirSync(join(cwd, 'connections'), { recursive: true, encoding: 'utf8' }).join(' ');
  expect(sections()).toContain('.communication.iml.json');
  for (const { code } of below('Work on it as it is')) await type(code);
  for (const { code } of below('Convert it')) await type(code);
  expect(sections()).not.toContain('.iml.json');
  expect(sections()).toContain('api.jsonc');
  // Make's extension finds them there, as the page says.
  expect(readFileSync(join(cwd, 'makecomapp.json'), 'utf8')).toContain('api.jsonc');
});
