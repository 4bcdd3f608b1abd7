import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createHarness, type Harness } from '@connectorkit/harness';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { run, temporaryFolder } from './connector.ts';
import { newProject, start, stopAll } from './project.ts';
import { startStranger } from './stranger.ts';

/** A harness that runs elsewhere, as far as the folders of the tests know. */
let harness: Harness;
let certificate: string;
beforeAll(async () => {
  harness = await createHarness({ tlsPort: 0, certificateFolder: temporaryFolder() });
  certificate = harness.certificate?.file ?? '';
});
afterAll(() => harness.close());
afterEach(stopAll);

/** Steers it from an empty folder, over TLS unless said; `named` is the host that the token in the environment is for. */
async function steer(
  args: readonly string[],
  { url = harness.tlsUrl ?? '', token = harness.controlToken, named = new URL(url).host, input = '', cwd = '' } = {},
) {
  const env: Record<string, string> = { NODE_EXTRA_CA_CERTS: certificate };
  if (token !== '') Object.assign(env, { CONNECTOR_CONTROL_TOKEN: token, CONNECTOR_CONTROL_HOST: named });
  const options = { cwd: cwd || temporaryFolder(), env, input };
  const { code, stdout, stderr } = await run(['harness', ...args, '--url', url, '--json'], options);
  const { data, diagnostics, next } = JSON.parse(stdout);
  expect(stdout + stderr).not.toContain(harness.controlToken);
  return { code, data, next, diagnostics: diagnostics as { code: string; message: string; hint: string }[], stderr };
}

describe('a harness that runs elsewhere is steered by its address', () => {
  test('over TLS, with every action', { timeout: 120_000 }, async () => {
    await harness.reset();
    const cwd = await newProject();
    const { data: names } = await steer(['seed'], { cwd });
    expect(await (await harness.clients()).make.registry.list(names.app)).toHaveLength(1);
    const kept = await steer(['snapshot', 'seeded']);
    expect([kept.code, await harness.snapshots()]).toEqual([0, ['seeded']]);
    expect((await steer(['reset'])).code).toBe(0);
    expect(await (await harness.clients()).make.registry.apps()).toEqual([]);
    expect((await steer(['restore', 'seeded'])).code).toBe(0);
    expect(await (await harness.clients()).make.registry.apps()).toHaveLength(1);

    const { data: admitted } = await steer(['token', '--platform', 'make', '--scopes', 'sdk-apps:read']);
    const headers = { authorization: `Token ${admitted.token}` };
    const read = () => fetch(`${harness.url}/api/v2/sdk/apps`, { headers });
    expect((await read()).status).toBe(200);

    expect((await steer(['fault', 'status', '--status', '503', '--times', '1'])).data.fault).toMatchObject({ id: 1 });
    expect((await read()).status).toBe(503);
    expect((await steer(['clock', '2030-01-01T00:00:00Z', '--frozen'])).code).toBe(0);
    expect(await harness.clock.now()).toEqual(new Date('2030-01-01T00:00:00Z'));
    const { entries } = (await steer(['journal', '--limit', '1'])).data;
    expect(entries).toMatchObject([{ status: 503, fault: 'status', operation: 'listApps' }]);
    expect((await steer(['reset'])).code).toBe(0);
  });

  test('what is said to come next is for the same harness', async () => {
    const env = { CONNECTOR_CONTROL_TOKEN: harness.controlToken, CONNECTOR_CONTROL_HOST: new URL(harness.url).host };
    const { stderr } = await run(['harness', 'snapshot', 'one', '--url', harness.url], { cwd: temporaryFolder(), env });
    expect(stderr).toContain(`connector harness restore one --url ${harness.url}`);
  });

  test('with a token from stdin, which needs no other word for the host', async () => {
    expect(await steer(['clock'], { token: '', input: `${harness.controlToken}\n` })).toMatchObject({ code: 0 });
    const seed = await steer(['seed', '-', '--platform', 'make'], { token: '', input: '{ "app": "raw" }' });
    expect([seed.code, seed.diagnostics[0]?.message]).toEqual([
      2,
      'Stdin can give the input of the command or the control token, not both.',
    ]);
    expect((await steer(['seed', '-', '--platform', 'make'], { input: '{ "app": "raw" }' })).code).toBe(0);
  });

  test('and a wrong token, or none, is said to be', async () => {
    const wrong = await steer(['reset'], { token: 'a-token-of-another-harness' });
    expect([wrong.code, wrong.diagnostics[0]?.hint]).toEqual([5, expect.stringContaining('.connector/harness.json')]);
    const none = await steer(['reset'], { token: '' });
    expect([none.code, none.diagnostics[0]?.hint]).toEqual([
      2,
      `Write it to stdin, or set CONNECTOR_CONTROL_TOKEN and CONNECTOR_CONTROL_HOST=${new URL(harness.tlsUrl ?? '').host}.`,
    ]);
  });

  test('and what a folder has of its own does not count', async () => {
    const cwd = temporaryFolder();
    const own = await start(['harness', '--port', '0', '--store', 'memory'], cwd);
    await steer(['snapshot', 'elsewhere'], { cwd });
    expect(await harness.snapshots()).toContain('elsewhere');
    const { stdout } = await run(['harness', 'snapshot', '--json'], { cwd });
    expect(JSON.parse(stdout).data.snapshots).toEqual([]);
    expect(await own.stop()).toBe(0);
  });
});

describe('the control token is sent to nobody', () => {
  test('but to the host that is named beside it', async () => {
    const stranger = await startStranger();
    for (const named of [new URL(harness.url).host, '']) {
      const reported = await steer(['journal'], { url: stranger.url, named });
      expect([reported.code, reported.diagnostics[0]?.code]).toEqual([5, 'origin/host']);
    }
    expect([stranger.received, stranger.connections()]).toEqual([[], 0]);
  });

  test('that does not say it is a harness', async () => {
    const stranger = await startStranger();
    const reported = await steer(['reset'], { url: stranger.url });
    expect([reported.code, reported.diagnostics[0]?.code]).toEqual([6, 'harness/stranger']);
    expect(stranger.received.join('\n')).toContain('GET /__harness');
    expect(stranger.received.join('\n')).not.toContain(harness.controlToken);
  });

  test('over plain HTTP, but on this machine', async () => {
    const reported = await steer(['reset'], { url: 'http://harness.example.com:4600' });
    expect([reported.code, reported.diagnostics[0]?.code]).toEqual([2, 'origin/plain-http']);
    expect((await steer(['clock'], { url: harness.url })).code).toBe(0);
  });

  test('whose certificate is not trusted', async () => {
    const options = { cwd: temporaryFolder(), input: harness.controlToken };
    const { code, stdout } = await run(['harness', 'clock', '--url', harness.tlsUrl ?? '', '--json'], options);
    expect([code, JSON.parse(stdout).diagnostics[0].hint]).toEqual([
      6,
      expect.stringContaining('NODE_EXTRA_CA_CERTS to the file of its certificate'),
    ]);
  });

  test('where a redirect leads', async () => {
    const stranger = await startStranger();
    const server = createServer(({ url }, response) => {
      if (url === '/__harness') response.end('{"harness":"connectorkit"}');
      else response.writeHead(307, { location: `${stranger.url}${url}` }).end();
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    const reported = await steer(['reset'], { url: `http://127.0.0.1:${port}` });
    expect([reported.code, reported.diagnostics[0]?.code]).toEqual([7, 'origin/refused']);
    expect(stranger.connections()).toBe(0);
    server.close();
  });
});

test.each([
  ['a path', 'https://harness.example.com/api/v2'],
  ['no scheme', 'harness.example.com:4643'],
  ['another scheme', 'ftp://harness.example.com'],
])('an address with %s is none of a harness', async (_, url) => {
  const told = await steer(['reset'], { url, token: '' });
  expect([told.code, told.diagnostics[0]?.code]).toEqual([2, 'usage/arguments']);
});

test('an address without an action starts nothing', async () => {
  const { code, stderr } = await run(['harness', '--url', harness.url], { cwd: temporaryFolder() });
  expect([code, stderr]).toEqual([2, expect.stringContaining('an action is required')]);
});

test('what answers in another way than a harness does is no bug of ours', async () => {
  const server = createServer(({ url }, response) => {
    response.setHeader('content-type', 'application/json');
    if (url === '/__harness') response.end('{"harness":"connectorkit"}');
    else if (url?.startsWith('/__harness/journal')) response.end('{"entries":"none"}');
    else response.writeHead(400).end('{"diagnostics":[{"code":1}],"message":["?"]}');
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  expect(await steer(['journal'], { url })).toMatchObject({ code: 7, diagnostics: [{ code: 'origin/refused' }] });
  expect(await steer(['reset'], { url })).toMatchObject({
    code: 2,
    diagnostics: [{ message: 'POST /reset was answered with 400, and not as a harness answers.' }],
  });
  server.close();
});

test('a harness for others takes its control token from the environment, of a length that cannot be guessed', async () => {
  const folder = temporaryFolder();
  const token = 'a-token-of-the-team-7f3a';
  const control = 'a-control-token-of-the-team-91c2';
  const env = { CONNECTOR_TOKEN: token, CONNECTOR_CONTROL_TOKEN: control };
  const args = [
    'harness',
    '--port',
    '0',
    '--tls-port',
    '0',
    '--store',
    'memory',
    '--host',
    '0.0.0.0',
    '--allow-remote',
  ];
  const short = await run([...args, '--json'], { cwd: folder, env: { ...env, CONNECTOR_CONTROL_TOKEN: 'short' } });
  expect([short.code, JSON.parse(short.stdout).diagnostics[0]]).toMatchObject([
    2,
    { code: 'harness/not-local', hint: expect.stringContaining('CONNECTOR_CONTROL_TOKEN') },
  ]);
  const shared = await start(args, folder, env);
  for (const secret of [token, control]) expect(shared.talk()).not.toContain(secret);
  await expect.poll(shared.talk).toContain('Over TLS at');
  const [, address = '', file = ''] = /Over TLS at (\S+); .*NODE_EXTRA_CA_CERTS=(.+)/.exec(shared.talk()) ?? [];
  const { port } = new URL(address);
  const url = `https://localhost:${port}`;
  const steered = await run(['harness', 'snapshot', 'here', '--url', url, '--json'], {
    cwd: temporaryFolder(),
    env: { NODE_EXTRA_CA_CERTS: file },
    input: control,
  });
  expect(steered.code, steered.stdout).toBe(0);
});
