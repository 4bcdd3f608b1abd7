// Make's own command line against the emulator of Make, over TLS.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createHarness } from '@connectorkit/harness';

/** @param {any} context */
export async function begin({ folder, onEnd }) {
  const harness = await createHarness({ tlsPort: 0, platforms: ['make'], checkAnswers: true });
  onEnd(() => harness.close());
  const certificate = join(folder, 'certificate.pem');
  writeFileSync(certificate, harness.certificate?.text ?? '');
  return { harness, certificate };
}

/** An app with a connection, and what runs the command line. */
async function author(/** @type {any} */ { place, folder, subject: { harness, certificate } }) {
  await harness.reset();
  const env = {
    PATH: process.env.PATH,
    HOME: folder,
    XDG_CONFIG_HOME: folder,
    MAKE_API_KEY: harness.token,
    NODE_EXTRA_CA_CERTS: certificate,
  };
  const command = [join(place, 'dist/index.js'), '--zone', new URL(harness.tlsUrl ?? '').host];
  /** @param {string[]} words @returns {Promise<{ code: number, stdout: string, stderr: string }>} */
  const run = (...words) =>
    new Promise((resolve) => {
      execFile(process.execPath, [...command, ...words], { env }, (error, stdout, stderr) =>
        resolve({ code: Number(error?.code ?? 0), stdout, stderr }),
      );
    });
  const told = async (/** @type {string[]} */ ...words) => {
    const { code, stdout, stderr } = await run(...words);
    assert.equal(code, 0, `${words.join(' ')}: ${stderr}`);
    return JSON.parse(stdout);
  };
  const settings = ['--label=Acme', '--theme=#FF5733', '--language=en', '--audience=global', '--private'];
  const { name } = await told('sdk-apps', 'create', '--name=acme', ...settings);
  const { name: connection } = await told(
    'sdk-connections',
    'create',
    `--app-name=${name}`,
    '--type=oauth',
    '--label=Main',
  );
  return { run, told, app: name, connection };
}

export const attempts = {
  connections: async (context) => {
    const { run, told, app, connection } = await author(context);
    const named = `--connection-name=${connection}`;
    assert.equal((await run('sdk-connections', 'update', named, '--label=Renamed')).code, 0);
    const [listed] = await told('sdk-connections', 'list', `--app-name=${app}`);
    assert.deepEqual([listed.name, listed.label], [connection, 'Renamed']);
    assert.equal((await run('sdk-connections', 'delete', named)).code, 0);
    const { code, stderr } = await run('sdk-connections', 'get', named);
    assert.equal(code, 2);
    assert.match(stderr, /Error \[404\]: Connection not found/);
  },
  sections: async (context) => {
    const { run, told, connection } = await author(context);
    const named = `--connection-name=${connection}`;
    const text = '{\n  // kept as it is\n  "authorize": {}\n}';
    assert.equal((await run('sdk-connections', 'set-section', named, '--section=api', `--body=${text}`)).code, 0);
    assert.equal((await run('sdk-connections', 'get-section', named, '--section=api')).stdout, `${text}\n`);
    assert.equal((await run('sdk-connections', 'set-common', named, '--common={"clientId":"a"}')).code, 0);
    assert.deepEqual(await told('sdk-connections', 'get-common', named), { clientId: 'a' });
  },
  errors: async (context) => {
    const { run, app } = await author(context);
    const { code, stderr } = await run('sdk-connections', 'create', `--app-name=${app}`, '--type=oauth2', '--label=x');
    assert.equal(code, 2);
    assert.match(stderr, /Error \[400\]: Invalid connection type/);
  },
};
