import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connectedStore } from '../src/local-state/connected.ts';
import { BINARY, CONFIGURATION, environmentOf, run, stateIn, temporaryFolder } from './connector.ts';
import { type Agent, closeAgents, startAgent } from './mcp-client.ts';
import { projectFrom, type Started, start, stopAll } from './project.ts';

const servers: Server[] = [];
afterAll(async () => {
  await closeAgents();
  await stopAll();
  for (const server of servers) server.closeAllConnections();
  for (const server of servers) server.close();
});

/** A server on this machine that stands for one elsewhere. */
async function listen(handle: RequestListener): Promise<string> {
  const server = createServer(handle);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const codes = ({ diagnostics }: { diagnostics: readonly { code: string }[] }) => diagnostics.map(({ code }) => code);

/** Each secret as it is, percent-encoded and in Base64, alone and as a part of longer texts. */
function formsOf(secret: string): string[] {
  const bases = ['', 'a', 'ab'].map((before) => {
    const text = Buffer.from(`${before}${secret}`).toString('base64').replace(/=+$/, '');
    // Without the letters that what stands before and after has a part in.
    return text.slice(before === '' ? 0 : 4, -2);
  });
  return [
    secret,
    encodeURIComponent(secret),
    ...bases,
    ...bases.map((each) => each.replace(/\+/g, '-').replace(/\//g, '_')),
  ];
}

const PLANTED = {
  common: 'planted common/secret+4c1d90e7',
  token: 'planted-token-d93e50b8-7a1f',
  environment: 'planted-environment-a86b27f3',
  input: 'planted input/secret+17fa6c42',
};

describe('every tool, beside a harness', () => {
  let project: string;
  let harness: Started;
  let agent: Agent;
  beforeAll(async () => {
    project = await projectFrom('oauth2');
    const manifest = join(project, 'connector.json');
    const origins = { make: { zone: 'eu1' } };
    writeFileSync(manifest, JSON.stringify({ ...JSON.parse(readFileSync(manifest, 'utf8')), origins }));
    const values = { clientId: 'mine', clientSecret: PLANTED.common };
    writeFileSync(join(project, 'connections/main/common.local.json'), JSON.stringify(values));
    writeFileSync(join(project, 'parameters.json'), JSON.stringify({ clientId: 'demo', clientSecret: PLANTED.input }));
    harness = await start(['harness', '--port', '0', '--store', 'memory'], project);
    const env = { CONNECTOR_TOKEN_MAKE: PLANTED.token, CONNECTOR_COMMON_MAIN_CLIENT_SECRET: PLANTED.environment };
    agent = await startAgent(project, [], { env });
  });

  test('tells what its tools take, give and do', async () => {
    const { tools } = await agent.client.listTools();
    expect(tools.map(({ name }) => name)).toEqual([
      ...['validate', 'explain', 'evaluate', 'list_functions', 'test', 'diff', 'push'],
      ...['connect', 'finish_connect', 'trace'],
    ]);
    for (const { inputSchema, outputSchema, annotations, description, title } of tools) {
      expect(inputSchema).toMatchObject({ type: 'object', additionalProperties: false });
      for (const member of Object.values(inputSchema.properties ?? {})) {
        expect(member).toHaveProperty('description');
      }
      expect(outputSchema).toMatchObject({ required: ['ok', 'diagnostics', 'next'] });
      expect(Object.keys(annotations ?? {}).sort()).toEqual([
        ...['destructiveHint', 'idempotentHint', 'openWorldHint', 'readOnlyHint'],
      ]);
      expect([title, description].every(Boolean)).toBe(true);
    }
    const writing = tools.filter(({ annotations }) => annotations?.readOnlyHint !== true).map(({ name }) => name);
    expect(writing).toEqual(['push', 'connect', 'finish_connect']);
    expect(agent.client.getInstructions()).toContain('validate after every change');
  });

  test('validates the project, and a text before it is saved', async () => {
    const answer = await agent.call('validate');
    expect(answer).toMatchObject({ isError: false, ok: true, data: { connections: ['main'], errors: 0 } });
    const own = await run(['validate', '--json'], { cwd: project });
    expect(answer.diagnostics).toEqual(JSON.parse(own.stdout).diagnostics);
    const wrong = { text: '[{"name": 1}]', section: 'parameters', explain: true };
    const refused = await agent.call('validate', wrong);
    expect(refused).toMatchObject({ isError: false, ok: false, data: { errors: 2 } });
    expect(codes(refused)).toEqual(['schema/required', 'schema/type']);
    expect(Object.keys(refused.data.pages)).toContain('schema/type');
    const inPlace = await agent.call('validate', { text: '{}', section: 'api', connection: 'main' });
    expect(codes(inPlace)).toContain('oauth/no-token');
  });

  test('explains a code, and names the nearest one', async () => {
    expect((await agent.call('explain', { code: 'source/syntax' })).data.title).toBe('not valid JSON');
    const unknown = await agent.call('explain', { code: 'source/syntx' });
    expect([unknown.isError, unknown.diagnostics[0]?.hint]).toEqual([true, 'Did you mean source/syntax?']);
  });

  test('evaluates an expression with variables, and says what is wrong with one', async () => {
    const given = { template: '{{parameters.a + 1}}', variables: { parameters: { a: 2 } } };
    expect((await agent.call('evaluate', given)).data).toMatchObject({ kind: 'number', value: 3 });
    expect(codes(await agent.call('evaluate', { template: '{{foo(1}}' }))).toHaveLength(1);
    const misplaced = await agent.call('evaluate', { template: '{{bdy.id}}', at: 'api.token.response.data' });
    expect(misplaced).toMatchObject({ isError: false, ok: false });
    expect(misplaced.diagnostics[0]?.hint).toContain('body');
  });

  test('lists functions, of which each can be evaluated', async () => {
    const { data } = await agent.call('list_functions', { search: 'base64' });
    expect(data.functions.map(({ name }: { name: string }) => name)).toContain('base64url');
    const [{ example }] = data.functions;
    const { data: evaluated } = await agent.call('evaluate', { template: example.template });
    expect(evaluated.value).toEqual(example.result);
    expect((await agent.call('list_functions')).data.functions.length).toBeGreaterThan(80);
  });

  test('runs the tests', async () => {
    const { ok, data } = await agent.call('test', { coverage: true });
    expect([ok, data.failed, data.passed > 0, data.coverage.length]).toEqual([true, 0, true, 1]);
  });

  test('compares with the harness, pushes, and has nothing more to push', async () => {
    const before = await agent.call('diff');
    expect(before).toMatchObject({ isError: false, data: { origin: 'harness', url: harness.url } });
    expect(before.data.changes.length).toBeGreaterThan(1);
    const dry = await agent.call('push', { dryRun: true });
    expect(dry.data.changes).toEqual(before.data.changes.map(({ diff, ...change }: { diff?: unknown }) => change));
    const told: string[] = [];
    const pushed = await agent.call('push', {}, { onprogress: ({ message }) => told.push(message ?? '') });
    expect(pushed).toMatchObject({ isError: false, ok: true, data: { origin: 'harness' } });
    expect(told.length).toBeGreaterThan(1);
    expect((await agent.call('diff')).data.changes).toEqual([]);
  });

  test('connects with the local provider, here and in the harness, and shows what was sent', async () => {
    const here = await agent.call('connect');
    expect(here).toMatchObject({ isError: false, data: { status: 'connected', id: 'main-1', local: true } });
    const there = await agent.call('connect', { harness: true, connection: 'main' });
    expect(there).toMatchObject({ isError: false, data: { status: 'connected' } });
    const { data } = await agent.call('trace', { id: 'main-1' });
    expect(data.trace.steps.map(({ name }: { name: string }) => name)).toEqual(['authorize', 'token', 'info']);
    expect((await agent.call('trace', { id: there.data.id, harness: true })).data.trace.steps).toHaveLength(3);
    expect((await agent.call('trace')).data.connections.map(({ id }: { id: string }) => id)).toEqual(['main-1']);
  });

  test('a connection that is refused is an error of the tool, with its trace', async () => {
    const refused = await agent.call('connect', { input: 'parameters.json' });
    expect(refused).toMatchObject({ isError: true, ok: false, data: { status: 'failed' } });
    expect(codes(refused)).toEqual(['run/refused']);
    expect(codes(await agent.call('trace', { id: 'main-9' }))).toEqual(['connected/unknown']);
  });

  test.each([
    ['validate', { conections: ['main'] }, 'conections', 'Did you mean "connections"?'],
    ['validate', { connections: 'main' }, 'connections', undefined],
    ['validate', { text: '{}', section: 'apis' }, 'section', 'Did you mean'],
    ['explain', {}, 'code', undefined],
    ['evaluate', { template: 1 }, 'template', undefined],
    ['evaluate', { template: '', variables: [] }, 'variables', undefined],
    ['list_functions', { search: null }, 'search', undefined],
    ['test', { connections: [1] }, 'connections', undefined],
    ['diff', { origin: '' }, 'origin', undefined],
    ['push', { yes: true }, 'yes', undefined],
    ['push', { ours: 'all' }, 'ours', undefined],
    ['connect', { port: 70_000 }, 'port', undefined],
    ['finish_connect', {}, 'signIn', undefined],
    ['trace', { id: 1 }, 'id', undefined],
  ])('%s refuses %j and names %s', async (name, input, field, hint) => {
    const { isError, diagnostics } = await agent.call(name, input);
    expect(isError).toBe(true);
    expect(diagnostics[0]).toMatchObject({ code: 'usage/arguments' });
    expect(JSON.stringify(diagnostics)).toContain(`\\"${field}\\"`);
    if (hint !== undefined) expect(diagnostics[0]?.hint).toContain(hint);
  });

  test.each([
    ['validate', { connections: ['none'] }, 'project/unknown-connection'],
    ['validate', { text: '{}', section: 'api' }, 'usage/missing'],
    ['test', { connections: ['none'] }, 'project/unknown-connection'],
    ['diff', { origin: 'none' }, 'origin/unknown'],
    ['connect', { connection: 'none' }, 'project/unknown-connection'],
    ['connect', { input: '-' }, 'usage/arguments'],
    ['finish_connect', { signIn: 'sign-in-1' }, 'mcp/unknown-sign-in'],
  ])('%s with %j is refused as the command refuses it: %s', async (name, input, code) => {
    const answer = await agent.call(name, input);
    expect([answer.isError, codes(answer)]).toEqual([true, [code]]);
  });

  test.each([
    ['diff', { origin: 'make' }],
    ['push', { origin: 'make' }],
    ['push', { origin: 'make', dryRun: true }],
  ])('%s %j reaches nothing that was not allowed', async (name, input) => {
    const answer = await agent.call(name, input);
    expect([answer.isError, codes(answer)]).toEqual([true, ['mcp/not-allowed']]);
    expect(answer.diagnostics[0]?.hint).toContain('--allow-origin https://eu1.make.com');
  });

  test('a real API is not reached either', async () => {
    const answer = await agent.call('connect', { api: true, port: 0, input: 'parameters.json' });
    expect([answer.isError, codes(answer)]).toEqual([true, ['mcp/not-allowed']]);
    expect(answer.diagnostics[0]?.message).toContain('https://auth.acme.test');
  });

  test('serves the sections and the schemas', async () => {
    const { resources } = await agent.client.listResources();
    const uris = resources.map(({ uri }) => uri);
    expect(uris).toContain('connector://connections/main/api');
    for (const { uri } of resources) {
      const { contents } = await agent.client.readResource({ uri });
      const [first] = contents as { text: string }[];
      expect(first?.text.trim().length).toBeGreaterThan(1);
      if (uri.startsWith('connector://schemas/')) JSON.parse(first?.text ?? '');
    }
    const api = await agent.client.readResource({ uri: 'connector://connections/main/api' });
    expect(api.contents[0]).toMatchObject({
      text: readFileSync(join(project, 'connections/main/api.jsonc'), 'utf8'),
    });
    for (const section of ['none', 'common.local.json', '..%2f..%2fparameters.json']) {
      const uri = `connector://connections/main/${section}`;
      await expect(agent.client.readResource({ uri })).rejects.toThrow(/not found/i);
    }
    const ref = { type: 'ref/resource' as const, uri: 'connector://connections/{connection}/{section}' };
    const completed = await agent.client.complete({ ref, argument: { name: 'section', value: 'sc' } });
    expect(completed.completion.values).toEqual(['scope', 'scopes']);
  });

  test('no secret is in anything that was exchanged', async () => {
    const store = connectedStore(stateIn(project), { XDG_CONFIG_HOME: CONFIGURATION });
    const { accessToken, refreshToken } = store.get('main-1').instance.data;
    const secrets = [
      ...Object.values(PLANTED),
      harness.token,
      harness.control,
      accessToken,
      refreshToken,
      'demo-secret',
    ];
    // What is looked for is found in each of its forms.
    const control = 'a control/text+of no use';
    const template = `{{encodeURL('${control}')}} {{base64('${control}')}}`;
    const { value } = (await agent.call('evaluate', { template })).data;
    const [clear, encoded, ...bases] = formsOf(control);
    expect(value).toContain(encoded);
    expect(bases.some((form) => value.includes(form))).toBe(true);
    const transcript = agent.transcript();
    expect(transcript).toContain(clear);
    expect(transcript.length).toBeGreaterThan(50_000);
    for (const secret of secrets.map(String)) {
      expect(secret.length).toBeGreaterThan(8);
      for (const form of formsOf(secret)) expect(transcript).not.toContain(form);
    }
  });
});

describe('what a person allowed', () => {
  const SECRETS = {
    token: 'planted-access-token-51c0',
    refresh: 'planted-refresh-token-88ae',
    code: 'planted-code-2f17',
    client: 'planted-client-secret-90dd',
  };
  let project: string;
  let vendor: string;
  const asked: string[] = [];
  beforeAll(async () => {
    vendor = await listen(async (request, response) => {
      let body = '';
      for await (const chunk of request) body += chunk;
      asked.push(`${request.method} ${request.url?.replace(/\?.*/, '')} ${body.includes(SECRETS.code)}`);
      const token = { access_token: SECRETS.token, refresh_token: SECRETS.refresh, expires_in: 3600 };
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(request.url?.includes('token') ? token : { id: 7, email: 'ada@acme.test' }));
    });
    project = await projectFrom('oauth2');
    const file = join(project, 'connections/main/api.jsonc');
    writeFileSync(file, readFileSync(file, 'utf8').replaceAll(/https:\/\/(auth|api)\.acme\.test/g, vendor));
    const values = { clientId: 'mine', clientSecret: SECRETS.client };
    writeFileSync(join(project, 'connections/main/common.local.json'), JSON.stringify(values));
  });

  /** What a browser does after somebody has signed in at the vendor. */
  async function signIn(url: string): Promise<void> {
    const { searchParams } = new URL(url);
    const query = new URLSearchParams({ code: SECRETS.code, state: searchParams.get('state') ?? '' });
    const response = await fetch(`${searchParams.get('redirect_uri')}?${query}`);
    expect(response.status).toBe(200);
    await response.text();
  }

  test.each(['legacy', 'modern'] as const)('a person signs in with the real API (%s client)', async (revision) => {
    const agent = await startAgent(project, ['--allow-origin', vendor], { revision });
    const begun = await agent.call('connect', { api: true, port: 0 });
    expect(begun).toMatchObject({ isError: false, data: { status: 'waiting' } });
    expect(begun.data.url).toContain(`${vendor}/oauth/authorize?`);
    const another = await agent.call('connect', { api: true, port: 0 });
    expect(codes(await agent.call('finish_connect', { signIn: begun.data.signIn }))).toEqual(['mcp/unknown-sign-in']);
    const finished = agent.call('finish_connect', { signIn: another.data.signIn });
    await signIn(another.data.url);
    expect(await finished).toMatchObject({
      ok: true,
      data: { status: 'connected', local: false, name: 'ada@acme.test' },
    });
    expect(asked).toContain('POST /oauth/token true');
    await agent.close();
    for (const form of Object.values(SECRETS).flatMap(formsOf)) expect(agent.transcript()).not.toContain(form);
  });

  test('a host of the API that was not allowed is not reached, before or after somebody signed in', async () => {
    const agent = await startAgent(project, ['--allow-origin', 'https://elsewhere.acme.test']);
    const before = asked.length;
    const refused = await agent.call('connect', { api: true, port: 0 });
    expect([refused.isError, codes(refused)]).toEqual([true, ['mcp/not-allowed']]);
    await agent.close();
    const file = join(project, 'connections/main/api.jsonc');
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, text.replace(`${vendor}/oauth/token`, 'https://other.acme.test/oauth/token'));
    const half = await startAgent(project, ['--allow-origin', vendor]);
    const begun = await half.call('connect', { api: true, port: 0 });
    await signIn(begun.data.url);
    const ended = await half.call('finish_connect', { signIn: begun.data.signIn });
    expect([ended.isError, codes(ended)]).toEqual([true, ['mcp/not-allowed']]);
    writeFileSync(file, text);
    await half.close();
    expect(asked).toHaveLength(before);
  });

  test('an origin is the one that it was when the server started', async () => {
    const manifest = join(project, 'connector.json');
    const text = readFileSync(manifest, 'utf8');
    const at = (url: string) =>
      writeFileSync(manifest, JSON.stringify({ ...JSON.parse(text), origins: { team: { url: `${url}/api/v2` } } }));
    const other = await start(['harness', '--port', '0', '--store', 'memory'], temporaryFolder());
    at(other.url);
    const host = (url: string) => ({ CONNECTOR_TOKEN_TEAM: other.token, CONNECTOR_HOST_TEAM: new URL(url).host });
    const closed = await startAgent(project, [], { env: host(other.url) });
    expect(codes(await closed.call('push', { origin: 'team' }))).toEqual(['mcp/not-allowed']);
    await closed.close();
    const agent = await startAgent(project, ['--allow-origin', 'team'], { env: host(other.url) });
    expect(await agent.call('push', { origin: 'team' })).toMatchObject({ ok: true, data: { origin: 'team' } });
    at(vendor);
    expect(codes(await agent.call('push', { origin: 'team' }))).toEqual(['mcp/not-allowed']);
    await agent.close();
    expect(agent.transcript()).not.toContain(other.token);
    writeFileSync(manifest, text);
  });

  test('a call that is cancelled ends its requests', async () => {
    let [arrived, left] = [() => {}, () => {}];
    const arrival = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    const departure = new Promise<void>((resolve) => {
      left = resolve;
    });
    // It never answers.
    const slow = await listen((request) => {
      request.socket.once('close', left);
      arrived();
    });
    const manifest = join(project, 'connector.json');
    const text = readFileSync(manifest, 'utf8');
    writeFileSync(manifest, JSON.stringify({ ...JSON.parse(text), origins: { slow: { url: slow } } }));
    const env = { CONNECTOR_TOKEN_SLOW: 'any', CONNECTOR_HOST_SLOW: new URL(slow).host };
    const agent = await startAgent(project, ['--allow-origin', 'slow'], { env });
    const cancel = new AbortController();
    const call = agent.call('push', { origin: 'slow' }, { signal: cancel.signal });
    await arrival;
    cancel.abort();
    await expect(call).rejects.toThrow();
    await departure;
    expect(await agent.call('explain', { code: 'source/syntax' })).toMatchObject({ ok: true });
    await agent.close();
    writeFileSync(manifest, text);
  });
});

describe('the process', () => {
  /** Runs the server as a process, with these messages on stdin, which is closed after as many answers. */
  async function exchange(messages: readonly object[], args: readonly string[] = [], cwd = temporaryFolder()) {
    const child = spawn(process.execPath, [BINARY, 'mcp', ...args], { cwd, env: environmentOf() });
    let [stdout, stderr] = ['', ''];
    child.stderr.on('data', (chunk) => {
      stderr += chunk;
    });
    child.stdout.on('data', (chunk) => {
      stdout += chunk;
      const answers = stdout.split('\n').filter((line) => line.includes('"id"'));
      if (answers.length === messages.filter((message) => 'id' in message).length) child.stdin.end();
    });
    for (const message of messages) child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
    const code = await new Promise((resolve) => child.once('exit', resolve));
    return { code, stdout, stderr };
  }

  const HELLO = [
    {
      id: 1,
      method: 'initialize',
      params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'raw', version: '1' } },
    },
    { method: 'notifications/initialized' },
  ];
  const call = (id: number, name: string, input: object = {}) => ({
    id,
    method: 'tools/call',
    params: { name, arguments: input, _meta: { progressToken: id } },
  });

  test('stdout carries the protocol alone, and the end of stdin ends it', async () => {
    const calls = [call(2, 'validate'), call(3, 'evaluate', { template: '{{foo(}}' }), call(4, 'nothing')];
    const { code, stdout, stderr } = await exchange([...HELLO, ...calls]);
    const lines = stdout.trim().split('\n');
    expect(lines.length).toBeGreaterThanOrEqual(4);
    const messages = lines.map((line) => JSON.parse(line));
    expect(messages.every(({ jsonrpc }) => jsonrpc === '2.0')).toBe(true);
    expect(
      messages
        .map(({ id }) => id)
        .filter(Boolean)
        .sort(),
    ).toEqual([1, 2, 3, 4]);
    const [, validated] = messages.filter(({ id }) => id !== undefined).sort((a, b) => a.id - b.id);
    // Where no project is, a tool says so, and the server goes on.
    expect(validated.result).toMatchObject({
      isError: true,
      structuredContent: { diagnostics: [{ code: 'project/not-found' }] },
    });
    expect([code, stderr]).toEqual([0, '']);
  });

  test.each([
    ['none', 'origin/unknown'],
    ['ftp://example.com', 'usage/arguments'],
    ['https://', 'usage/arguments'],
  ])('does not start with --allow-origin %s', async (origin, problem) => {
    const { code, stdout, stderr } = await run(['mcp', '--allow-origin', origin], {
      cwd: await projectFrom('api-key'),
    });
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(problem);
  });
});
