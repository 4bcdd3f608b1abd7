import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { client, reported, start } from './author.ts';

const md5 = (text: string) => createHash('md5').update(text, 'utf8').digest('hex');
const TEXT_SECTIONS = ['api', 'parameters', 'scope', 'scopes', 'install', 'installSpec'] as const;

test('4 checksum: every section of every connection by the MD5 of its text, comments included', async () => {
  await start({
    app: 'shop',
    connections: [
      { type: 'apikey', label: 'Schlüssel' },
      { type: 'oauth', label: 'Second', common: { clientSecret: 'hidden' } },
    ],
  });
  const { connections } = client().sdk;
  const texts = TEXT_SECTIONS.map((section) => [section, `// ${section}: é\r\n{}\n`] as const);
  for (const [section, text] of texts) await connections.setSection('shop2', section, text);
  const { accounts, app, ...others } = await reported('/sdk/apps/shop/1/checksum');
  expect(others).toEqual({ modules: [], rpcs: [], functions: [], hooks: [], endpoints: [] });
  expect(app).toEqual([{ name: 'shop', checksum: expect.objectContaining({ label: md5('shop') }) }]);
  expect(accounts.map(({ name }: { name: string }) => name)).toEqual(['shop', 'shop2']);
  const [first, second] = accounts;
  expect(first.checksum).toMatchObject({ label: md5('Schlüssel'), type: md5('basic') });
  const api = String(await connections.getSection('shop', 'api'));
  expect(first.checksum).toMatchObject({ api: md5(api), api_jsonc: md5(api) });
  expect(second.checksum).toEqual({
    label: md5('Second'),
    type: md5('oauth'),
    ...Object.fromEntries(
      texts.flatMap(([section, text]) => [
        [section, md5(text)],
        [`${section}_jsonc`, md5(text)],
      ]),
    ),
  });
});

test('4 checksum: another spelling of installSpec, where that reading is chosen', async () => {
  await start({
    app: 'shop',
    connections: [{ type: 'basic', label: 'x' }],
    settings: { install_spec_checksum: 'install_spec' },
  });
  const [{ checksum }] = (await reported('/sdk/apps/shop/1/checksum')).accounts;
  expect(Object.keys(checksum)).toEqual(expect.arrayContaining(['install_spec', 'install_spec_jsonc']));
  expect(checksum).not.toHaveProperty('installSpec');
});

test('4 checksum: of an app or a version that is not there', async () => {
  await start({ app: 'shop' });
  await expect(reported('/sdk/apps/nothing/1/checksum')).rejects.toThrow('404');
  await expect(reported('/sdk/apps/shop/2/checksum')).rejects.toThrow('404');
});
