// @ts-check
/**
 * The whole life of an app and its connections by Make's official client, told as JSON lines. A process of its own,
 * because only a new process can be made to trust a certificate.
 * `node official-client.js http|https HOST`, with the token in MAKE_API_KEY.
 */
import { Make } from '@makehq/sdk';

const [protocol = '', host = ''] = process.argv.slice(2);
const make = new Make(process.env.MAKE_API_KEY ?? '', host);
make.protocol = /** @type {any} */ (protocol);
const { apps, connections } = make.sdk;

/**
 * @param {string} what
 * @param {Promise<any>} promise
 */
async function tell(what, promise) {
  const told = await promise.catch((/** @type {any} */ error) => ({ error: error.message, status: error.statusCode }));
  console.log(JSON.stringify([what, told ?? null]));
  return told;
}

await tell('me', make.users.me());
await tell('authorization', make.users.currentAuthorization());
const countries = await make.enums.countries();
await tell('countries', Promise.resolve(countries.slice(0, 3)));
const app = await tell(
  'create app',
  apps.create({
    name: `test-connections-app-${1234567890123}`,
    label: 'Test App',
    description: 'Sells',
    theme: '#33FF57',
    language: 'en',
    countries: ['us', 'uk'],
    private: true,
    audience: 'countries',
  }),
);
await tell('get app', apps.get(app.name, app.version));
await tell('list apps', apps.list());
await tell('list columns', apps.list({ cols: ['name', 'theme'] }));
await tell('update app', apps.update(app.name, 1, { label: 'Updated', theme: '#AABBCC' }));
await apps.setSection(app.name, 1, 'base', '{ "baseUrl": "https://api.example.com" } // kept\n');
await tell('app section', apps.getSection(app.name, 1, 'base'));
await tell('set docs', apps.setDocs(app.name, 1, '# Docs\n\nSome.'));
await tell('docs', apps.getDocs(app.name, 1));
await tell('set app common', apps.setCommon(app.name, 1, { clientId: 'a', clientSecret: 'b' }));
await tell('app common', apps.getCommon(app.name, 1));
const icon = Buffer.alloc(64);
Buffer.from([137, 80, 78, 71, 13, 10, 26, 10, 0, 0, 0, 13, 73, 72, 68, 82, 0, 0, 2, 0, 0, 0, 2, 0]).copy(icon);
icon.fill(0xff, 24);
await tell('set icon', apps.setIcon(app.name, 1, new Uint8Array(icon)));
const kept = Buffer.from(/** @type {any} */ (await apps.getIcon(app.name, 1)));
await tell('icon', Promise.resolve(kept.equals(icon)));
await tell(
  'public',
  apps.makePublic(app.name, 1).then(() => apps.get(app.name, 1)),
);
await tell(
  'private',
  apps.makePrivate(app.name, 1).then(() => apps.get(app.name, 1)),
);

await tell('no connections', connections.list(app.name));
const first = await tell('create', connections.create(app.name, { type: 'apikey', label: 'First' }));
const second = await tell('create another', connections.create(app.name, { type: 'oauth-refresh', label: 'Second' }));
await tell('list', connections.list(app.name));
await tell('get', connections.get(second.name));
await tell('update', connections.update(second.name, { label: 'Renamed' }));
const text = '{\r\n\t// kept as it is\r\n  "url": "https://api.example.com/é"  }\n\n';
for (const section of /** @type {const} */ (['api', 'parameters', 'scope', 'scopes', 'install', 'installSpec'])) {
  await connections.setSection(second.name, section, text);
  await tell(
    section,
    connections.getSection(second.name, section).then((answer) => answer === text),
  );
}
await connections.setSection(second.name, 'api', /** @type {any} */ ({ url: 'https://api.example.com' }));
await tell('section from a value', connections.getSection(second.name, 'api'));
await tell('set common', connections.setCommon(second.name, { clientId: 'a', clientSecret: 'b' }));
await tell('common', connections.getCommon(second.name));
await tell('delete', connections.delete(first.name));
await tell('deleted', connections.get(first.name));
await tell('left', connections.list(app.name));
await tell('wrong type', connections.create(app.name, { type: /** @type {any} */ ('oauth2'), label: 'x' }));
await tell('wrong text', connections.setSection(second.name, 'api', '{ "url" }'));
await tell('wrong common', connections.setCommon(second.name, /** @type {any} */ ([])));
await tell('delete app', apps.delete(app.name, 1));
await tell('app deleted', apps.get(app.name, 1));
await tell('its connections too', connections.get(second.name));
