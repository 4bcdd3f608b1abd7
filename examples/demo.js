// @ts-check
/**
 * The main job on real input: from a finished connector for GitHub to a recreated connection on a local harness; then
 * one connection's life on four platforms, which docs/how-to/story.md tells at length. `pnpm demo` builds first. Exits with 0 only if all of it held.
 */
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';

const CONNECTOR = join(dirname(fileURLToPath(import.meta.url)), '../packages/cli/dist/connector.js');
const TEXT_SECTIONS = ['api', 'parameters', 'scope', 'scopes', 'install', 'installSpec'];
/** What a real project keeps in common.local.json or in the environment; made up here. */
const COMMON = { clientId: 'demo-client-id', clientSecret: 'demo-client-secret' };

const parent = mkdtempSync(join(tmpdir(), 'connector-demo-'));
const project = join(parent, 'my-github');
const environment = {
  ...process.env,
  NO_COLOR: '1',
  CONNECTOR_COMMON_GITHUB_CLIENT_ID: COMMON.clientId,
  CONNECTOR_COMMON_GITHUB_CLIENT_SECRET: COMMON.clientSecret,
};

/** A command that worked, and found something wrong. */
const FINDINGS = 1;

const STORY = join(dirname(fileURLToPath(import.meta.url)), '../docs/how-to/story');
const API = '5a673b98-92f4-459d-b950-daeed7a8165d/payments/v1/956703';
/** Where access is asked for, by whom, and who decides; the people of docs/how-to/story. */
const GRANTS = [
  {
    platform: 'akana',
    title: 'Akana',
    requester: 'dana@example.com:dana-secret',
    owner: 'olga@example.com:olga-secret',
    asked: ['--api', 'Payments', '--app', 'Checkout', '--accept-terms'],
  },
  {
    platform: 'anypoint',
    title: 'Anypoint',
    requester: 'dana:dana-secret',
    owner: 'olga:olga-secret',
    asked: ['--api', API, '--app', 'Checkout', '--tier', 'Gold', '--accept-terms'],
  },
];

let step = 0;
/** @param {string} words */
function say(words) {
  step += 1;
  console.log(`${String(step).padStart(2)}. ${words}`);
}

/**
 * Runs the command as a user would; what it prints on a failure is shown.
 * @param {string[]} args
 * @param {string} [cwd]
 * @param {Record<string, string>} [more] variables, such as the token of another role
 * @returns {Promise<any>} the data of its --json envelope
 */
function connector(args, cwd = project, more = {}) {
  return new Promise((resolve, reject) => {
    const env = { ...environment, ...more };
    execFile(process.execPath, [CONNECTOR, ...args, '--json'], { cwd, env }, (error, stdout, stderr) => {
      if (error && error.code !== FINDINGS)
        reject(new Error(`connector ${args.join(' ')} failed:\n${stdout}${stderr}`));
      else resolve(JSON.parse(stdout).data);
    });
  });
}

/**
 * @param {string} [cwd]
 * @returns {Promise<{ url: string, token: string, stop: () => Promise<number | null> }>}
 */
function startHarness(cwd = project) {
  const child = spawn(process.execPath, [CONNECTOR, 'harness', '--port', '0'], {
    cwd,
    env: environment,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  return new Promise((resolve, reject) => {
    let talk = '';
    child.stderr.on('data', (chunk) => {
      talk += chunk;
      if (!talk.includes('Harness ready')) return;
      const { url, token } = JSON.parse(readFileSync(join(cwd, '.connector/harness.json'), 'utf8'));
      const stop = () => {
        child.kill();
        return ended;
      };
      resolve({ url, token, stop });
    });
    ended.then(() => reject(new Error(`the harness did not start:\n${talk}`)));
  });
}

const started = performance.now();
const { folder } = await connector(['create', 'my-github', '--example', 'github-oauth'], parent);
assert.equal(folder, project);
say(`Made a connector from the finished example github-oauth in ${project}`);

const validated = await connector(['validate']);
assert.deepEqual(validated.connections, ['github']);
say('Validated its seven sections: no errors.');

const types = await connector(['types']);
// It came with the example.
assert.equal(types.changed, false);
assert.match(readFileSync(join(project, types.file), 'utf8'), /GithubParameters/);
say(`Its TypeScript types in ${types.file} are up to date.`);

const harness = await startHarness();
try {
  say(`Started a harness that emulates Make’s connections API at ${harness.url}`);

  const pushed = await connector(['push']);
  const name = pushed.connections.github;
  say(`Pushed the connection: the app is called ${pushed.app} there, the connection ${name}.`);

  /** @param {string} path */
  const read = async (path) => {
    const headers = { authorization: `Token ${harness.token}` };
    const response = await fetch(`${harness.url}/api/v2/sdk/apps/connections/${name}/${path}`, { headers });
    assert.equal(response.status, 200);
    return Buffer.from(await response.arrayBuffer());
  };
  for (const section of TEXT_SECTIONS) {
    const file = readFileSync(join(project, 'connections/github', `${section}.jsonc`));
    assert.ok(file.equals(await read(section)), `${section} differs from its file`);
  }
  assert.ok(isDeepStrictEqual(JSON.parse(String(await read('common'))), COMMON), 'common differs');
  say('Read everything back: six sections equal their files byte for byte, common is equal as JSON.');

  const again = await connector(['push']);
  assert.deepEqual(again.changes, []);
  say('Pushed again: nothing to do, nothing created twice.');

  const { recreated } = await connector(['recreate']);
  assert.deepEqual(recreated, [name]);
  say(`Recreated ${name}: the platform registered it anew from what was pushed.`);
} finally {
  const code = await harness.stop();
  assert.equal(code, 0, 'the harness did not stop cleanly');
}
say('Stopped the harness; its state stays in .connector/harness.db.');

await story();
console.log(`\nAll of it held, in ${((performance.now() - started) / 1000).toFixed(1)} s. The project is in ${project}; go on there with:
  cd ${project}
  node ${CONNECTOR} dev`);

/** From a request for access to a customer’s connection, all on one harness. */
async function story() {
  const { folder: cwd } = await connector(['create', 'checkout', '--template', 'api-key'], parent);
  const schema = {
    type: 'object',
    properties: { clientId: { type: 'string' }, clientSecret: { type: 'string', writeOnly: true } },
  };
  writeFileSync(join(cwd, 'connections/main/common.schema.json'), JSON.stringify(schema));
  const local = await startHarness(cwd);
  try {
    for (const platform of ['akana', 'anypoint', 'workato']) {
      await connector(['harness', 'seed', join(STORY, `${platform}.json`), '--platform', platform], cwd);
    }
    for (const { platform, title, requester, owner, asked } of GRANTS) {
      /** @param {string} token @param {string[]} args */
      const as = (token, args) =>
        connector(['access', ...args, '--platform', platform], cwd, { CONNECTOR_TOKEN_HARNESS: token });
      const { contract, kept } = await as(requester, ['request', ...asked]);
      assert.deepEqual([contract.state, kept], ['pending', null]);
      const waiting = as(requester, ['show', contract.id, '--wait']);
      const { contracts } = await as(owner, ['list', '--api', asked[1] ?? '']);
      await as(owner, ['approve', contracts[0].id]);
      assert.deepEqual((await waiting).kept.keys, ['clientId', 'clientSecret']);
      say(`${title}: asked for access, approved by the API’s owner; the credentials went into common, unseen.`);
    }
    await connector(['validate'], cwd);
    const { connections } = await connector(['push'], cwd);
    await connector(['recreate'], cwd);
    say(`Make: pushed and recreated ${connections.main}, with the granted credentials.`);

    /** @param {string[]} args @param {string} key */
    const customer = (args, key) =>
      connector(['instances', ...args, '--user', 'EA2300', '--form', 'main'], cwd, {
        CONNECTOR_INPUT: JSON.stringify({ apiKey: key }),
      });
    const { instance } = await customer(['create', '--name', 'Acme'], 'key-of-acme');
    assert.deepEqual([instance.provider, instance.state], [connections.main, 'connected']);
    assert.equal((await customer(['update', instance.id], 'invalid-today')).instance.state, 'failed');
    assert.equal((await customer(['update', instance.id], 'new-key')).instance.state, 'connected');
    await connector(['instances', 'delete', instance.id, '--user', 'EA2300'], cwd);
    say('Workato: a customer’s connection of that kind was created, broke, was repaired and deleted.');
  } finally {
    assert.equal(await local.stop(), 0, 'the harness did not stop cleanly');
  }
}
