// @ts-check
/**
 * The main job on real input: from a finished connector for GitHub to a recreated connection on a local harness.
 * `pnpm demo` builds first. Exits with 0 only if all of it held.
 */
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
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
 * @returns {Promise<any>} the data of its --json envelope
 */
function connector(args, cwd = project) {
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [CONNECTOR, ...args, '--json'], { cwd, env: environment }, (error, stdout, stderr) => {
      if (error) reject(new Error(`connector ${args.join(' ')} failed:\n${stdout}${stderr}`));
      else resolve(JSON.parse(stdout).data);
    });
  });
}

/** @returns {Promise<{ url: string, token: string, stop: () => Promise<number | null> }>} */
function startHarness() {
  const child = spawn(process.execPath, [CONNECTOR, 'harness', '--port', '0'], {
    cwd: project,
    env: environment,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  return new Promise((resolve, reject) => {
    let talk = '';
    child.stderr.on('data', (chunk) => {
      talk += chunk;
      if (!talk.includes('Harness ready')) return;
      const { url, token } = JSON.parse(readFileSync(join(project, '.connector/harness.json'), 'utf8'));
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
assert.equal(types.changed, true);
assert.match(readFileSync(join(project, types.file), 'utf8'), /GithubParameters/);
say(`Generated TypeScript types into ${types.file}`);

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
console.log(`\nAll of it held, in ${((performance.now() - started) / 1000).toFixed(1)} s. The project is in ${project}; go on there with:
  cd ${project}
  node ${CONNECTOR} dev`);
