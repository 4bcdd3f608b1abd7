import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { run, temporaryFolder } from './connector.ts';
import { start, stopAll } from './project.ts';
import { Folder } from './sync/team.ts';

afterEach(stopAll);

/** What somebody at a terminal chooses, by what the question says. */
const choices = new Map<RegExp, string>();
const questions: string[] = [];
vi.mock('@clack/prompts', () => {
  const answer = async ({ message }: { message: string }) => {
    questions.push(message);
    const found = [...choices].find(([pattern]) => pattern.test(message));
    if (found === undefined) throw new Error(`nobody said what to answer to: ${message}`);
    return found[1];
  };
  return { select: answer, text: answer, confirm: async () => true, isCancel: () => false };
});
afterEach(() => {
  choices.clear();
  questions.length = 0;
});

const USER = { email: { type: 'string' }, id: { type: 'integer' } };
const ME = {
  summary: 'The current user',
  responses: {
    200: { description: 'ok', content: { 'application/json': { schema: { type: 'object', properties: USER } } } },
  },
};

/** A description of an API with these schemes, each of which opens everything. */
const described = (securitySchemes: object, more: object = {}) => ({
  openapi: '3.1.0',
  info: { title: 'Acme', version: '1' },
  servers: [{ url: 'https://api.acme.test' }],
  components: { securitySchemes },
  security: Object.keys(securitySchemes).map((key) => ({ [key]: [] })),
  paths: { '/me': { get: ME }, '/orders': { get: { operationId: 'listOrders' } } },
  ...more,
});

const KEY = { type: 'apiKey', in: 'header', name: 'X-Key' };
const oauth2 = (flow: string) => ({
  type: 'oauth2',
  flows: {
    [flow]: {
      authorizationUrl: 'https://login.acme.test/auth',
      tokenUrl: 'https://login.acme.test/token',
      refreshUrl: 'https://login.acme.test/token',
      scopes: { openid: 'Sign in' },
    },
  },
});

function folderWith(document: unknown, name = 'openapi.json'): string {
  const cwd = temporaryFolder();
  writeFileSync(join(cwd, name), typeof document === 'string' ? document : JSON.stringify(document));
  return cwd;
}

/** Every way in which a description can say how to connect, with what the document leaves open, and how it ends. */
const WAYS: Readonly<Record<string, readonly [document: object, options: readonly string[]]>> = {
  'key in a header': [described({ it: KEY }), []],
  'key in the query': [described({ it: { ...KEY, in: 'query' } }), []],
  'key in a cookie': [described({ it: { ...KEY, in: 'cookie' } }), []],
  basic: [described({ it: { type: 'http', scheme: 'basic' } }), []],
  bearer: [described({ it: { type: 'http', scheme: 'bearer' } }), []],
  digest: [described({ it: { type: 'http', scheme: 'digest' } }), []],
  'authorization code': [
    described({ it: oauth2('authorizationCode') }, { security: [{ it: ['openid'] }] }),
    ['--client-auth', 'body'],
  ],
  'client credentials': [described({ it: oauth2('clientCredentials') }), ['--client-auth', 'header']],
  'a prefix that is told': [described({ it: { ...KEY, name: 'Authorization' } }), ['--prefix', 'Token']],
  'nothing described': [described({}, { security: undefined }), ['--auth', 'header:X-Key']],
  'no server': [described({ it: KEY }, { servers: [] }), ['--server', 'https://api.acme.test']],
  'another request': [described({ it: KEY }), ['--verify', 'listOrders']],
};

const SERVER = {
  issuer: 'https://login.acme.test',
  authorization_endpoint: 'https://login.acme.test/auth',
  token_endpoint: 'https://login.acme.test/token',
  grant_types_supported: ['authorization_code', 'refresh_token'],
  scopes_supported: ['openid', 'email', 'offline_access'],
};
const OPENID = { ...SERVER, userinfo_endpoint: 'https://login.acme.test/me' };
const granting = (...grants: string[]) => ({ ...SERVER, grant_types_supported: grants });
const ME_AT = ['--verify', 'https://api.acme.test/me'];

/** What validating may note: PKCE takes a function that works without being listed, and a bare URL shows no account. */
const NOTED = ['iml/undocumented-function', 'oauth/unnamed'];

/** The same for discovery documents. */
const DISCOVERED: typeof WAYS = {
  OpenID: [OPENID, []],
  'OpenID with PKCE and revocation': [
    {
      ...OPENID,
      code_challenge_methods_supported: ['S256'],
      revocation_endpoint: 'https://login.acme.test/revoke',
    },
    [],
  ],
  '--no-refresh': [OPENID, ['--no-refresh']],
  '--refresh': [{ ...OPENID, grant_types_supported: undefined, scopes_supported: ['openid'] }, ['--refresh']],
  '--client-auth body': [OPENID, ['--client-auth', 'body']],
  '--client-auth header': [OPENID, ['--client-auth', 'header']],
  '--verify': [SERVER, ME_AT],
  'client credentials': [granting('client_credentials'), ME_AT],
  password: [granting('password'), ME_AT],
  '--connection': [
    granting('client_credentials', 'password'),
    [...ME_AT, '--connection', 'password', '--client-auth', 'body'],
  ],
  '--discovery of a resource': [
    { resource: 'https://api.acme.test', authorization_servers: ['https://login.acme.test'], scopes_supported: ['me'] },
    [...ME_AT, '--discovery', 'server.json'],
  ],
};

const everyWay = (source: string, ways: typeof WAYS) =>
  Object.entries(ways).map(([name, [document, options]]) => [source, name, document, options] as const);

describe.each([...everyWay('--from-openapi', WAYS), ...everyWay('--from-discovery', DISCOVERED)])(
  'create %s: %s',
  (source, _, document, options) => {
    test('validates, is typed, pushed to the harness and connected to its provider', async () => {
      const cwd = folderWith(document);
      writeFileSync(join(cwd, 'server.json'), JSON.stringify(SERVER));
      const created = await run(['create', 'acme', source, 'openapi.json', ...options, '--json'], { cwd });
      const { data, diagnostics } = JSON.parse(created.stdout);
      expect([created.code, data.connections]).toEqual([0, [expect.objectContaining({ id: expect.any(String) })]]);
      const [{ id }] = data.connections;
      expect(diagnostics.filter(({ severity }: { severity: string }) => severity !== 'info')).toEqual([]);
      const project = join(cwd, 'acme');
      for (const file of [
        'README.md',
        'AGENTS.md',
        '.gitignore',
        '.vscode/settings.json',
        '.github/workflows/connector.yml',
      ]) {
        expect(existsSync(join(project, file)), file).toBe(true);
      }
      const checked = await run(['validate', '--max-warnings', '0', '--json'], { cwd: project });
      const noted = JSON.parse(checked.stdout).diagnostics.map(({ code }: { code: string }) => code);
      expect([checked.code, noted.filter((code: string) => !NOTED.includes(code))]).toEqual([0, []]);
      expect((await run(['types'], { cwd: project })).code).toBe(0);
      expect(await run(['types', '--check'], { cwd: project })).toMatchObject({ code: 0, stdout: '' });
      const tested = await run(['test', '--strict', '--json'], { cwd: project });
      expect([tested.code, JSON.parse(tested.stdout).data], tested.stdout).toEqual([
        0,
        expect.objectContaining({ passed: 2, failed: 0 }),
      ]);
      await start(['harness', '--port', '0'], project);
      const pushed = await run(['push', '--yes', '--json'], { cwd: project });
      expect(pushed.code, pushed.stdout).toBe(0);
      const connected = await run(['connect', id, '--local', '--headless', '--json'], { cwd: project });
      expect(connected.code, connected.stdout).toBe(0);
    });
  },
);

describe('what is left open', () => {
  test('is told with its place in the file, and publishing would refuse it', async () => {
    const cwd = folderWith(described({ it: { ...KEY, name: 'Authorization' } }, { servers: [] }));
    const { code, stdout } = await run(['create', 'acme', '--from-openapi', 'openapi.json', '--json'], { cwd });
    const open = JSON.parse(stdout).diagnostics.filter((each: { code: string }) => each.code === 'openapi/unanswered');
    expect(code).toBe(0);
    const text = readFileSync(join(cwd, 'acme/connections/main/api.jsonc'), 'utf8').split('\n');
    expect(open[0]).toMatchObject({ path: ['servers'], trap: 'openapi-no-server' });
    expect(
      open.slice(1).map(({ file, line }: { file: string; line: number }) => [file, text[line - 1]?.trim()]),
    ).toEqual([['connections/main/api.jsonc', '"Authorization": "{{parameters.apiKey}}"']]);
    expect(readFileSync(join(cwd, 'acme/README.md'), 'utf8')).toContain('## Open questions');
    expect((await run(['validate'], { cwd: join(cwd, 'acme') })).stdout).toContain('request/placeholder-host');
  });

  test('is asked where somebody is there, one question after the other', async () => {
    const cwd = folderWith(described({ it: { ...KEY, name: 'Authorization' } }, { servers: [] }));
    choices
      .set(/base URL/, 'https://api.acme.test')
      .set(/Which request/, 'GET /orders')
      .set(/Which prefix/, 'Token');
    const { code, stderr } = await new Folder(cwd).typed('create', 'acme', '--from-openapi', 'openapi.json');
    expect(code, stderr).toBe(0);
    expect(questions).toHaveLength(3);
    const api = readFileSync(join(cwd, 'acme/connections/main/api.jsonc'), 'utf8');
    expect(api).toContain('"url": "https://api.acme.test/orders"');
    expect(api).toContain('"Authorization": "Token {{parameters.apiKey}}"');
    // There is no repository around a temporary folder, so that it was asked.
    expect(existsSync(join(cwd, 'acme/.git'))).toBe(true);
  });

  test('nothing is created when it is not known how to connect', async () => {
    const cwd = folderWith(described({}, { security: undefined }));
    const { code, stderr } = await run(['create', 'acme', '--from-openapi', 'openapi.json'], { cwd });
    expect([code, existsSync(join(cwd, 'acme'))]).toEqual([1, false]);
    expect(stderr).toContain('--auth');
    choices.set(/How are credentials sent/, 'bearer').set(/Which request/, 'none');
    expect((await new Folder(cwd).typed('create', 'acme', '--from-openapi', 'openapi.json')).code).toBe(0);
  });

  test.each([
    [['--from-openapi', 'gone.json'], 2, 'There is no file gone.json'],
    [['--from-openapi', '.'], 2, 'is not a file'],
    [['--from-openapi', 'openapi.json', '--template', 'api-key'], 2, 'cannot both be given'],
    [['--from-openapi', 'openapi.json', '--verify', 'GET /oders'], 2, 'Did you mean'],
    [['--from-openapi', 'openapi.json', '--auth', 'x'], 2, 'header:X-API-Key'],
    [['--from-openapi', 'openapi.json', '--server', 'acme'], 2, 'with its scheme'],
    [['--from-openapi', 'openapi.json', '--connection', 'mian'], 2, 'Did you mean "main"'],
    [['--from-discovery', 'openapi.json'], 1, 'issuer'],
    [['--from-discovery', 'server.json', '--verify', '/me'], 2, 'write its whole URL'],
    [
      ['--from-discovery', 'server.json', '--server', 'https://a.test'],
      2,
      '--server does not go with --from-discovery',
    ],
    [['--from-discovery', 'server.json', '--auth', 'bearer'], 2, '--auth does not go with --from-discovery'],
    [['--from-discovery', 'server.json', '--prefix', 'Token'], 2, '--prefix does not go with --from-discovery'],
    [['--from-discovery', 'server.json', '--discovery', 'server.json'], 2, '--discovery has no use'],
    [['--template', 'api-key', '--verify', 'GET /me'], 2, '--verify does not go with --template'],
    [['--template', 'oauth2', '--no-refresh'], 2, '--refresh does not go with --template'],
    [['--from-openapi', 'https://ada:pass@a.test/openapi.json'], 2, 'holds a user name or a password'],
    [['--from-openapi', 'openapi.json', '--server', 'https://ada:pass@a.test'], 2, 'holds a user name or a password'],
  ])('%j', async (options, expected, message) => {
    const cwd = folderWith(described({ it: KEY }));
    writeFileSync(join(cwd, 'server.json'), JSON.stringify(SERVER));
    const { code, stderr } = await run(['create', 'acme', ...options], { cwd });
    expect(stderr).not.toContain('pass@');
    expect([code, stderr.replace(/\s+/g, ' ')]).toEqual([expected, expect.stringContaining(message)]);
    expect(existsSync(join(cwd, 'acme'))).toBe(false);
  });
});

describe('where a document comes from', () => {
  /** A server that has documents at these paths. */
  async function served(documents: Readonly<Record<string, unknown>>): Promise<string> {
    const server = createServer(({ url = '' }, response) => {
      const found = documents[url];
      if (typeof found === 'string' && found.startsWith('/')) response.writeHead(302, { location: found }).end();
      else response.writeHead(found === undefined ? 404 : 200).end(JSON.stringify(found));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => {
      server.close();
    });
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  test('stdin, YAML as well', async () => {
    const cwd = temporaryFolder();
    const input = `openapi: 3.0.0\ninfo: {title: Acme}\nservers: [{url: https://api.acme.test}]\ncomponents:\n  securitySchemes:\n    it: {type: http, scheme: basic}\nsecurity: [{it: []}]\npaths: {/me: {get: {}}}\n`;
    expect((await run(['create', 'acme', '--from-openapi', '-', '--git'], { cwd, input })).code).toBe(0);
    const status = execFileSync('git', ['status', '--short'], { cwd: join(cwd, 'acme'), encoding: 'utf8' });
    expect(status).toContain('?? connections/');
  });

  test('an address, which may have moved; what is relative is relative to it', async () => {
    const url = await served({ '/old': '/new', '/new': described({ it: KEY }, { servers: [{ url: '/v1' }] }) });
    const cwd = temporaryFolder();
    expect((await run(['create', 'acme', '--from-openapi', `${url}/old`], { cwd })).code).toBe(0);
    const api = readFileSync(join(cwd, 'acme/connections/main/api.jsonc'), 'utf8');
    expect(api).toContain(`"url": "${url}/v1/me"`);
    const lost = await run(['create', 'other', '--from-openapi', `${url}/gone`], { cwd });
    expect([lost.code, lost.stderr]).toEqual([7, expect.stringContaining('404')]);
  });

  test('an issuer, and a resource that names one', async () => {
    const documents: Record<string, unknown> = {};
    const url = await served(documents);
    documents['/.well-known/oauth-authorization-server'] = {
      issuer: url,
      authorization_endpoint: `${url}/auth`,
      token_endpoint: `${url}/token`,
      code_challenge_methods_supported: ['S256'],
    };
    documents['/.well-known/oauth-protected-resource/mcp'] = {
      resource: `${url}/mcp`,
      authorization_servers: [url],
      scopes_supported: ['orders'],
    };
    const cwd = temporaryFolder();
    expect((await run(['create', 'login', '--from-discovery', url], { cwd })).code).toBe(0);
    const api = (name: string) => readFileSync(join(cwd, name, 'connections/main/api.jsonc'), 'utf8');
    expect(api('login')).toContain(`"url": "${url}/token"`);
    expect((await run(['create', 'mcp', '--from-discovery', `${url}/mcp`], { cwd })).code).toBe(0);
    expect(api('mcp')).toContain(`"resource": "${url}/mcp"`);
    const file = join(cwd, 'resource.json');
    writeFileSync(file, JSON.stringify(documents['/.well-known/oauth-protected-resource/mcp']));
    const refused = await run(['create', 'offline', '--from-discovery', file], { cwd });
    expect([refused.code, refused.stderr.replace(/\s+/g, ' ')]).toEqual([
      1,
      expect.stringContaining(`--discovery ${url}`),
    ]);
    expect((await run(['create', 'again', '--from-discovery', file, '--discovery', url], { cwd })).code).toBe(0);
  });

  test('OpenID Connect in a description takes a discovery document from a file', async () => {
    const oidc = {
      type: 'openIdConnect',
      openIdConnectUrl: 'https://login.acme.test/.well-known/openid-configuration',
    };
    const cwd = folderWith(described({ oidc }));
    const metadata = {
      issuer: 'https://login.acme.test',
      authorization_endpoint: 'https://login.acme.test/auth',
      token_endpoint: 'https://login.acme.test/token',
    };
    writeFileSync(join(cwd, 'discovery.json'), JSON.stringify(metadata));
    const options = ['--from-openapi', 'openapi.json', '--discovery', 'discovery.json'];
    expect((await run(['create', 'acme', ...options], { cwd })).code).toBe(0);
    expect(readFileSync(join(cwd, 'acme/connections/main/api.jsonc'), 'utf8')).toContain(
      'https://login.acme.test/token',
    );
  });
});

test('the example of docs/how-to/openapi.md does what the page says', async () => {
  const page = readFileSync(new URL('../../../docs/how-to/openapi.md', import.meta.url), 'utf8');
  const [, yaml = ''] = /<<'YAML'\n(.*?)YAML\n/s.exec(page) ?? [];
  const [, options = ''] = /^connector (create acme .* --client-auth body)$/m.exec(page) ?? [];
  const cwd = folderWith(yaml, 'openapi.yaml');
  const created = await run(options.split(' '), { cwd });
  expect([created.code, created.stdout.includes('warning')]).toEqual([0, false]);
  const project = join(cwd, 'acme');
  const api = readFileSync(join(project, 'connections/key/api.jsonc'), 'utf8');
  // The page is formatted, so that only white space may differ.
  const plain = (text: string) => text.replace(/\s+/g, '');
  expect(plain(page)).toContain(plain(`\`\`\`jsonc\n${api}\`\`\``));
  for (const command of ['validate', 'test']) expect((await run([command], { cwd: project })).code).toBe(0);
  expect((await run(['list'], { cwd: project })).stdout).toMatch(/^key +apikey.*\nlogin +oauth-refresh/m);
});
