import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { connectedStore } from '../src/local-state/connected.ts';
import { WRITTEN, writeConnection } from './connections.ts';
import { CONFIGURATION, run, stateIn } from './connector.ts';
import { projectFrom, start, stopAll } from './project.ts';

afterAll(stopAll);

/** With what encoders change, and in texts of several languages. */
const PLANTED = {
  secret: 'planted s+cret/%&*=1?',
  password: 'planted p@ssword: "ß"\\2',
  key: 'planted-key-7d1f~+/=3',
  wrong: 'planted wr*ng+/ü 4',
};
const CLIENT = { clientId: 'planted-client', clientSecret: PLANTED.secret };
const LOGIN = { account: 'nora', password: PLANTED.password };

/** Connection → what is filled in; the other values are the demo client's. */
const FILLED: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'key-in-header': { key: PLANTED.key },
  'key-in-query': { key: PLANTED.key },
  'key-in-cookie': { key: PLANTED.key },
  basic: LOGIN,
  'digest-md5': LOGIN,
  'digest-sha-256': LOGIN,
  other: { key: PLANTED.key },
  'other-session': LOGIN,
  'code-refresh': CLIENT,
  'client-credentials': CLIENT,
  'client-in-basic': CLIENT,
  password: { ...LOGIN, ...CLIENT },
  'oauth-1': { consumerKey: CLIENT.clientId, consumerSecret: CLIENT.clientSecret },
};

/** Percent-encoded, form-encoded, in a JSON string, and in base64 wherever a secret stands in what is encoded. */
function formsOf(secret: string): string[] {
  const texts = [secret, encodeURIComponent(secret), new URLSearchParams({ a: secret }).toString().slice(2)];
  const inBase64 = texts.flatMap((text) =>
    ['', 'x', 'xx'].map((before) => {
      const whole = Buffer.from(before + text).toString('base64');
      return whole.slice(Math.ceil((before.length * 8) / 6), Math.floor((Buffer.byteLength(before + text) * 8) / 6));
    }),
  );
  const safe = inBase64.map((code) => code.replaceAll('+', '-').replaceAll('/', '_'));
  const escaped = [JSON.stringify(secret).slice(1, -1), JSON.stringify(JSON.stringify(secret)).slice(3, -3)];
  return [...new Set([...texts, ...escaped, ...inBase64, ...safe, ...inBase64.map(encodeURIComponent)])];
}

test.each(Object.values(PLANTED))('%s is found in whatever it is written', (secret) => {
  for (const text of [
    `Basic ${Buffer.from(`planted-client:${secret}`).toString('base64')}`,
    `Basic ${Buffer.from(`ab:${encodeURIComponent(secret)}`).toString('base64url')}`,
    `grant_type=password&${new URLSearchParams({ password: secret })}&a=b`,
    JSON.stringify({ body: JSON.stringify({ secret }) }),
  ]) {
    expect(
      formsOf(secret).some((form) => text.includes(form)),
      text,
    ).toBe(true);
  }
});

test('no planted secret is in what connecting says, keeps, logs or has the harness keep', {
  timeout: 240_000,
}, async () => {
  const project = await projectFrom('api-key');
  for (const [id, written] of Object.entries(WRITTEN)) writeConnection(project, id, written);
  const harness = await start(['harness', '--port', '0'], project);
  const redirect_uris = ['http://127.0.0.1/callback'];
  const seed = {
    clients: [{ client_id: CLIENT.clientId, client_secret: CLIENT.clientSecret, basic: 'either', redirect_uris }],
    users: [{ username: LOGIN.account, password: LOGIN.password, api_key: PLANTED.key }],
  };
  writeFileSync(join(project, 'provider.json'), JSON.stringify(seed));
  const texts: [place: string, text: string][] = [];
  const tell = async (args: readonly string[], expected: number, input = '') => {
    const { code, stdout, stderr } = await run(args, { cwd: project, input });
    texts.push([args.join(' '), stdout + stderr]);
    expect(code, `${args.join(' ')}: ${stdout}${stderr}`).toBe(expected);
    return stdout;
  };
  const own = { XDG_CONFIG_HOME: CONFIGURATION };
  const secrets = new Set<string>(Object.values(PLANTED));
  const remember = (id: string) => {
    const { data } = connectedStore(stateIn(project), own).get(id).instance;
    for (const [name, value] of Object.entries(data)) if (/token|secret/i.test(name)) secrets.add(String(value));
  };
  await tell(['harness', 'seed', 'provider.json', '--platform', 'provider'], 0);
  for (const [id, filled] of Object.entries(FILLED)) {
    const connect = ['connect', id, '--local', '--headless', '--input', '-', '--trace'];
    await tell(connect, 0, JSON.stringify(filled));
    const connected = `${id}-1`;
    remember(connected);
    await tell(['connections', 'verify', connected, '--json'], 0);
    await tell(['harness', 'clock', '+61m'], 0);
    await tell(['connections', 'refresh', connected, '--trace'], 0);
    remember(connected);
    await tell(['harness', 'clock', 'real'], 0);
    for (const format of [[], ['--json'], ['--curl']]) await tell(['connections', 'trace', connected, ...format], 0);
    await tell(['connections', 'show', connected, '--json'], 0);
    await tell(['connections', 'invalidate', connected, '--trace'], 0);
    // What is refused, and repeated by who refuses it.
    const secret =
      Object.keys(filled).find((name) => /key$|secret|password/i.test(name) && name !== 'consumerKey') ?? '';
    if (id === 'other') continue;
    const wrong = JSON.stringify({ ...filled, [secret]: PLANTED.wrong });
    await tell([...connect, '--json'], 1, wrong);
    await tell(connect, 1, wrong);
  }
  // One is still connected, and one was not accepted by the form.
  await tell(['connect', 'code-refresh', '--local', '--headless', '--input', '-'], 0, JSON.stringify(CLIENT));
  remember('code-refresh-1');
  await tell(
    ['connect', 'basic', '--local', '--headless', '--input', '-'],
    1,
    JSON.stringify({ password: PLANTED.wrong }),
  );
  await tell(['connect', 'basic', '--local', '--headless', '--input', '-'], 2, `{"password":"${PLANTED.key}"`);
  await tell(['connections', 'list', '--json'], 0);
  const journal = await tell(['harness', 'journal', '--json', '--limit', '1000'], 0);
  expect(JSON.parse(journal).data.entries.length).toBeGreaterThan(80);
  expect(secrets.size).toBeGreaterThan(12);
  await harness.stop();
  texts.push(['what the harness said', harness.talk()]);
  const files = readdirSync(project, { recursive: true, encoding: 'utf8' });
  expect(files).toEqual(
    expect.arrayContaining([join('.connector', 'connected.json'), join('.connector', 'harness.db')]),
  );
  for (const file of files.filter((name) => name !== 'provider.json' && statSync(join(project, name)).isFile())) {
    // In the encoding of what was planted, and byte by byte.
    for (const encoding of ['utf8', 'latin1'] as const) texts.push([file, readFileSync(join(project, file), encoding)]);
  }
  const found = [...secrets].flatMap((secret) => {
    expect(secret.length).toBeGreaterThan(15);
    const forms = formsOf(secret);
    return texts
      .filter(([, text]) => forms.some((form) => text.includes(form)))
      .map(([place]) => `${secret} in ${place}`);
  });
  expect(found).toEqual([]);
});

test('no planted secret is in a recording, or in any report of tests', { timeout: 240_000 }, async () => {
  const project = await projectFrom('api-key');
  const ids = ['key-in-query', 'digest-md5', 'client-in-basic', 'code-refresh'];
  for (const id of ids) writeConnection(project, id, WRITTEN[id] as never);
  await start(['harness', '--port', '0', '--store', 'memory'], project);
  const redirect_uris = ['http://127.0.0.1/callback'];
  const seed = {
    clients: [{ client_id: CLIENT.clientId, client_secret: CLIENT.clientSecret, basic: 'either', redirect_uris }],
    users: [{ username: LOGIN.account, password: LOGIN.password, api_key: PLANTED.key }],
  };
  const input = JSON.stringify(seed);
  const seeded = await run(['harness', 'seed', '-', '--platform', 'provider'], { cwd: project, input });
  expect(seeded.code, seeded.stderr).toBe(0);
  const texts: [place: string, text: string][] = [];
  const tell = async (args: readonly string[], given = '') => {
    const { code, stdout, stderr } = await run(args, { cwd: project, input: given });
    texts.push([args.join(' '), stdout + stderr]);
    return code;
  };
  const secrets = new Set<string>(Object.values(PLANTED));
  for (const id of ids) {
    const connect = ['connect', id, '--local', '--headless', '--input', '-', '--record', 'recorded'];
    expect(await tell(connect, JSON.stringify(FILLED[id])), texts.at(-1)?.[1]).toBe(0);
    const own = { XDG_CONFIG_HOME: CONFIGURATION };
    const { data } = connectedStore(stateIn(project), own).get(`${id}-1`).instance;
    for (const [name, value] of Object.entries(data)) if (/token|secret/i.test(name)) secrets.add(String(value));
  }
  const files = ['junit', 'sarif', 'github', 'json'].map((format) => `${format}=report.${format}`);
  const formats = files.flatMap((file) => ['--format', file]);
  const report = ['test', '--coverage', '--lcov', 'lcov.info', ...formats];
  expect(await tell(report), texts.at(-1)?.[1]).toBe(0);
  const reports = () => {
    for (const name of [...files.map((file) => file.split('=')[1] ?? ''), 'lcov.info']) {
      const text = readFileSync(join(project, name), 'utf8');
      expect(text.length, name).toBeGreaterThan(10);
      texts.push([name, text]);
    }
  };
  reports();
  // One that fails, with what was sent in its diff, and one that holds a secret itself.
  const recorded = (id: string) => join(project, 'connections', id, 'tests/recorded.test.jsonc');
  for (const id of ids) {
    texts.push([recorded(id), readFileSync(recorded(id), 'utf8')]);
    const broken = readFileSync(recorded(id), 'utf8').replace(/"url": "[^"]*"/g, '"url": "https://other.test/"');
    writeFileSync(recorded(id), broken);
  }
  // Those of the local provider open nothing, and are not looked for: it is as if this one were the API's.
  const store = connectedStore(stateIn(project), { XDG_CONFIG_HOME: CONFIGURATION });
  store.replace({ ...store.get('key-in-query-1'), local: false });
  const leak = recorded('key-in-query').replace('recorded', 'leak');
  const parameters = { key: PLANTED.key };
  writeFileSync(leak, JSON.stringify({ cases: [{ name: 'a', given: { parameters }, expect: { uid: 1 } }] }));
  expect(await tell(report)).toBe(1);
  reports();
  expect(texts.map(([, text]) => text).join('\n')).toContain('test/request');
  expect(texts.map(([, text]) => text).join('\n')).toContain('test/secret');
  for (const format of ['junit', 'sarif', 'github', 'json', 'pretty']) {
    expect(await tell(['test', '--format', format])).toBe(1);
  }
  const found = [...secrets].flatMap((secret) =>
    texts
      .filter(([, text]) => formsOf(secret).some((form) => text.includes(form)))
      .map(([place]) => `${secret} in ${place}`),
  );
  expect(found).toEqual([]);
  expect(secrets.size).toBeGreaterThan(6);
});
