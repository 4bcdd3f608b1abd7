// Make's own client against the emulator of Make.
import assert from 'node:assert/strict';
import { createHarness } from '@connectorkit/harness';

/** @param {any} context */
export async function begin({ onEnd }) {
  const harness = await createHarness({ platforms: ['make'], checkAnswers: true });
  onEnd(() => harness.close());
  return harness;
}

/** An app with a connection. */
async function author(/** @type {any} */ { place, subject: harness }) {
  await harness.reset();
  const { Make } = await import(`${place}/dist/index.js`);
  const make = new Make(harness.token, new URL(harness.url).host);
  make.protocol = 'http';
  const app = {
    name: 'acme',
    label: 'Acme',
    description: 'An app',
    theme: '#33FF57',
    language: 'en',
    countries: [],
    private: true,
    audience: 'global',
  };
  const { name } = await make.sdk.apps.create(app);
  const connection = await make.sdk.connections.create(name, { type: 'oauth-refresh', label: 'First' });
  return { make, app: name, connection: connection.name, connections: make.sdk.connections };
}

export const attempts = {
  connections: async (context) => {
    const { app, connection, connections } = await author(context);
    await connections.update(connection, { label: 'Renamed' });
    assert.equal((await connections.get(connection)).label, 'Renamed');
    const other = await connections.create(app, { type: 'apikey', label: 'Other' });
    await connections.delete(other.name);
    assert.deepEqual(
      (await connections.list(app)).map(({ name }) => name),
      [connection],
    );
    await assert.rejects(connections.get(other.name), { statusCode: 404 });
  },
  sections: async (context) => {
    const { connection, connections } = await author(context);
    const text = '{\r\n\t// kept as it is\r\n  "url": "https://api.example.com/é"  }\n\n';
    for (const section of ['api', 'parameters', 'scope', 'scopes', 'install', 'installSpec']) {
      await connections.setSection(connection, section, text);
      assert.equal(await connections.getSection(connection, section), text, section);
    }
    await connections.setCommon(connection, { clientId: 'a', clientSecret: 'b' });
    assert.deepEqual(await connections.getCommon(connection), { clientId: 'a', clientSecret: 'b' });
  },
  errors: async (context) => {
    const { app, connection, connections } = await author(context);
    await assert.rejects(connections.create(app, { type: 'oauth2', label: 'x' }), { statusCode: 400 });
    await assert.rejects(connections.setSection(connection, 'api', '{ "url" }'), { statusCode: 400 });
  },
};
