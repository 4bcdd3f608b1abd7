import { execFile, execFileSync } from 'node:child_process';
import { promisify } from 'node:util';
import { createHarness, type Harness } from '@connectorkit/harness';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type DigestAlgorithm, type DigestProof, digestResponse, userHash } from '../../src/provider/digest/index.ts';

describe('RFC 7616', () => {
  test.each([
    ['MD5', '8ca523f5e9506fed4657c9700eebdbec'],
    ['SHA-256', '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1'],
  ] as const)('section 3.9.1 with %s', (algorithm, response) => {
    const proof: DigestProof = {
      algorithm,
      username: 'Mufasa',
      password: 'Circle of Life',
      realm: 'http-auth@example.org',
      nonce: '7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v',
      qop: 'auth',
      nc: '00000001',
      cnonce: 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ',
      method: 'GET',
      uri: '/dir/index.html',
    };
    expect(digestResponse(proof)).toBe(response);
  });

  test('section 3.9.2 with SHA-512-256, as erratum 4897 has it: the values printed are not of SHA-512/256', () => {
    const username = 'J\u00e4s\u00f8n Doe';
    const realm = 'api@example.org';
    expect(userHash('SHA-512-256', username, realm)).toBe(
      '793263caabb707a56211940d90411ea4a575adeccb7e360aeb624ed06ece9b0b',
    );
    const proof: DigestProof = {
      algorithm: 'SHA-512-256',
      username,
      password: 'Secret, or not?',
      realm,
      nonce: '5TsQWLVdgBdmrQ0XsxbDODV+57QdFR34I9HAbC/RVvkK',
      qop: 'auth',
      nc: '00000001',
      cnonce: 'NTg6RKcb9boFIAS3KrFK9BGeh+iDa/sm6jUMp2wds69v',
      method: 'GET',
      uri: '/doe.json',
    };
    expect(digestResponse(proof)).toBe('3798d4131c277846293534c3edc11bd8a5e4cdcbff78b05db9d95eeb1cec68a5');
  });
});

let harness: Harness;
beforeAll(async () => {
  harness = await createHarness();
  await harness.seed('provider', { users: [{ username: 'J\u00e4s\u00f8n, "Doe"', password: 'Secret, or not?' }] });
});
afterAll(() => harness.close());
beforeEach(() => harness.clock.reset());

const DEMO = { username: 'demo', password: 'demo-password' };

interface Challenge {
  readonly [parameter: string]: string;
}

/** The challenges of a resource, each with its parameters. */
async function challenges(path: string): Promise<Challenge[]> {
  const response = await fetch(`${harness.url}/provider/resources${path}`);
  expect(response.status).toBe(401);
  return (response.headers.get('www-authenticate') ?? '').split(/(?=Digest )/).map((text) => {
    const pairs = [...text.matchAll(/([\w-]+)=(?:"([^"]*)"|([^\s",]+))/g)];
    return Object.fromEntries(pairs.map(([, name = '', quoted, token = '']) => [name, quoted ?? token]));
  });
}

interface Asked {
  readonly path?: string;
  readonly method?: string;
  readonly body?: string;
  /** In place of what is right, or null for nothing. */
  readonly given?: Readonly<Record<string, string | null>>;
  readonly proof?: Partial<DigestProof>;
  readonly challenge?: Challenge;
}

/** A request that proves itself by hand. */
async function ask({
  path = '/digest/md5',
  method = 'GET',
  body,
  given = {},
  proof: changed = {},
  challenge: known,
}: Asked) {
  const [first] = known === undefined ? await challenges(path) : [known];
  const challenge = first as Challenge;
  const qop = challenge.qop === undefined ? undefined : 'auth';
  const proof: DigestProof = {
    ...DEMO,
    algorithm: challenge.algorithm as DigestAlgorithm,
    realm: challenge.realm ?? '',
    nonce: challenge.nonce ?? '',
    ...(qop && { qop, nc: '00000001', cnonce: 'abc' }),
    method,
    uri: `/provider/resources${path}`,
    ...(body !== undefined && { body: Buffer.from(body) }),
    ...changed,
  };
  const parameters: Record<string, string | null | undefined> = {
    username: `"${proof.username}"`,
    realm: `"${proof.realm}"`,
    nonce: `"${proof.nonce}"`,
    uri: `"${proof.uri}"`,
    response: `"${digestResponse(proof)}"`,
    opaque: `"${challenge.opaque}"`,
    algorithm: proof.algorithm,
    ...(proof.qop && { qop: proof.qop, nc: proof.nc, cnonce: `"${proof.cnonce}"` }),
    ...given,
  };
  const text = Object.entries(parameters).flatMap(([name, value]) => (value == null ? [] : [`${name}=${value}`]));
  const response = await fetch(`${harness.url}/provider/resources${path}`, {
    method,
    headers: { authorization: `Digest ${text.join(', ')}` },
    ...(body === undefined ? {} : { body }),
  });
  const answer = await response.text();
  const { message, id } = JSON.parse(answer) as { message?: string; id?: string };
  const header = response.headers.get('www-authenticate') ?? '';
  return {
    status: response.status,
    id,
    message,
    header,
    answer,
    info: response.headers.get('authentication-info'),
    proof,
  };
}

test('offers several algorithms, the strongest first, or the one in the path', async () => {
  const offered = (list: Challenge[]) => list.map(({ algorithm }) => algorithm);
  expect(offered(await challenges('/digest'))).toEqual(['SHA-512-256', 'SHA-256', 'MD5']);
  expect(offered(await challenges('/digest/sha-256'))).toEqual(['SHA-256']);
  expect(await challenges('/digest/md5')).toMatchObject([{ realm: 'local provider', qop: 'auth, auth-int' }]);
});

describe.each(['md5', 'sha-256', 'sha-512-256'])('%s', (algorithm) => {
  const path = `/digest/${algorithm}`;

  test('lets in who knows the password, and proves that it knows it as well', async () => {
    const { status, id, info, answer, proof } = await ask({ path });
    expect([status, id]).toEqual([200, 'demo']);
    const rspauth = digestResponse({ ...proof, method: '', body: Buffer.from(answer) });
    expect(info).toBe(`rspauth="${rspauth}", qop=auth, nc=00000001, cnonce="abc"`);
  });

  test('holds the body against auth-int', async () => {
    const integrity: Asked = { path, method: 'POST', body: 'a=1', proof: { qop: 'auth-int' } };
    expect((await ask(integrity)).status).toBe(200);
    expect((await ask({ ...integrity, proof: { qop: 'auth-int', body: Buffer.from('a=2') } })).status).toBe(401);
    expect((await ask({ ...integrity, path: `${path}?qop=auth` })).message).toBe(
      'qop is auth-int, but the challenge offers auth.',
    );
    expect((await ask({ path: `${path}?qop=auth-int`, proof: { qop: 'auth-int' } })).status).toBe(200);
  });

  test('takes requests without qop where none is offered, as RFC 2069 has them', async () => {
    expect((await ask({ path: `${path}?qop=none` })).status).toBe(200);
  });

  test('takes a hashed name where that is offered', async () => {
    const hashed = `"${userHash(algorithm.toUpperCase() as DigestAlgorithm, 'demo', 'local provider')}"`;
    const given = { username: hashed, userhash: 'true' };
    expect(await ask({ path: `${path}?userhash=true`, given })).toMatchObject({ status: 200, id: 'demo' });
    expect((await ask({ path, given })).message).toBe('userhash is true, but the challenge does not offer it.');
  });
});

test.each([
  ['/digest/md5/auth/v1/me?a=1', '/v1/me?a=1'],
  ['/digest/sha-256/auth/', '/'],
  ['/digest/md5/none/v1/me', '/v1/me'],
])('below %s the target is what an API with a host to itself would see', async (path, uri) => {
  expect(await ask({ path, proof: { uri } })).toMatchObject({ status: 200, id: 'demo' });
  expect((await ask({ path, proof: { uri: `/provider/resources${path}` } })).message).toBe(
    'uri is not the target of the request.',
  );
});

test('a path below which there is no such algorithm or qop is none', async () => {
  for (const path of ['/digest/md4/auth/a', '/digest/md5/some/a', '/digest/md5/auth']) {
    expect((await fetch(`${harness.url}/provider/resources${path}`)).status).toBe(404);
  }
});

test('takes names with commas and quotes, and with characters beyond ASCII', async () => {
  const user = { username: 'J\u00e4s\u00f8n, "Doe"', password: 'Secret, or not?' };
  const star = { username: null, 'username*': "UTF-8''J%C3%A4s%C3%B8n%2C%20%22Doe%22" };
  expect(await ask({ proof: user, given: star })).toMatchObject({ status: 200, id: user.username });
  await harness.seed('provider', { users: [{ username: 'a, "b"', password: 'x' }] });
  const quoted = { username: '"a, \\"b\\""' };
  expect(await ask({ proof: { username: 'a, "b"', password: 'x' }, given: quoted })).toMatchObject({ status: 200 });
});

test('proves itself to a cnonce with quotes as well', async () => {
  const { status, info } = await ask({ proof: { cnonce: 'a"b\\' }, given: { cnonce: '"a\\"b\\\\"' } });
  expect([status, info]).toEqual([200, expect.stringContaining('cnonce="a\\"b\\\\"')]);
});

describe('refuses, and says why', () => {
  test.each<[string, Asked]>([
    ['The user name, the password or another hashed value is wrong.', { proof: { password: 'wrong' } }],
    [
      'The response was computed with SHA-256, but the algorithm is SHA-512-256.',
      { path: '/digest/sha-512-256', proof: { algorithm: 'SHA-256' }, given: { algorithm: 'SHA-512-256' } },
    ],
    [
      'uri lacks the query; it must be the whole target of the request.',
      { path: '/digest/md5?a=1', proof: { uri: '/provider/resources/digest/md5' } },
    ],
    ['uri is not the target of the request.', { proof: { uri: '/other' } }],
    ['The algorithm is MD5; SHA-256 is required.', { path: '/digest/sha-256', proof: { algorithm: 'MD5' } }],
    [
      'algorithm is missing, which means MD5; SHA-256 is required.',
      { path: '/digest/sha-256', given: { algorithm: null } },
    ],
    ['qop is missing; the challenge offers auth, auth-int.', { given: { qop: null, nc: null, cnonce: null } }],
    ['nc must be without quotes (RFC 7616, section 3.4).', { given: { nc: '"00000001"' } }],
    ['qop must be without quotes (RFC 7616, section 3.4).', { given: { qop: '"auth"' } }],
    ['uri must be in quotes (RFC 7616, section 3.4).', { given: { uri: '/a' } }],
    ['nc is "1", not eight hexadecimal digits.', { given: { nc: '1' } }],
    ['cnonce is missing.', { given: { cnonce: null } }],
    ['The header has no nonce, response.', { given: { nonce: null, response: null } }],
    ['The realm is "other", but the challenge has "local provider".', { proof: { realm: 'other' } }],
    ['opaque is not the value from the challenge.', { given: { opaque: null } }],
    ['The nonce is not one that this provider issued.', { proof: { nonce: 'abc' } }],
    ['nc is 00000002; it begins at 00000001 for each nonce.', { proof: { nc: '00000002' } }],
    [
      'qop is auth, but the challenge offers none.',
      { path: '/digest/md5?qop=none', proof: { qop: 'auth', nc: '00000001', cnonce: 'a' } },
    ],
    ['The header cannot be read from "b".', { given: { b: '' } }],
  ])('%s', async (message, asked) => {
    const answer = await ask(asked);
    expect(answer).toMatchObject({ status: 401, header: expect.stringContaining('nonce=') });
    expect(answer.header).not.toContain('stale=true');
    expect(answer.message).toContain(message.replace(/"b"\.$/, ''));
  });

  test('a number that was used, and goes on counting', async () => {
    const [challenge] = await challenges('/digest/md5');
    const use = (nc: string) => ask({ ...(challenge && { challenge }), proof: { nc } });
    expect((await use('00000001')).status).toBe(200);
    expect(await use('00000001')).toMatchObject({
      status: 401,
      message: 'nc is 00000001, which was used before with this nonce.',
    });
    expect((await use('00000002')).status).toBe(200);
    expect((await use('0000000a')).status).toBe(200);
    expect((await use('00000009')).status).toBe(401);
  });

  test('a nonce after five minutes, as stale, and nobody who does not know the password is told so', async () => {
    const [challenge] = await challenges('/digest/md5');
    const own = challenge && { challenge };
    await harness.clock.advance(299_000);
    expect((await ask({ ...own })).status).toBe(200);
    await harness.clock.advance(3_000);
    expect(await ask({ ...own, proof: { nc: '00000002' } })).toMatchObject({
      status: 401,
      header: expect.stringContaining('stale=true'),
      message: 'The nonce is more than five minutes old.',
    });
    expect((await ask({ ...own, proof: { nc: '00000002', password: 'wrong' } })).header).not.toContain('stale=true');
  });
});

const hasCurl = (() => {
  try {
    return execFileSync('curl', ['--version']).includes('libcurl');
  } catch {
    return false;
  }
})();

describe.skipIf(!hasCurl)('curl --digest', () => {
  const curl = async (path: string, ...args: readonly string[]) => {
    const url = `${harness.url}/provider/resources${path}`;
    const user = ['--user', 'demo:demo-password'];
    const { stdout } = await promisify(execFile)('curl', ['-s', '--digest', ...user, ...args, url, url]);
    return stdout;
  };

  test.each([
    '/digest/md5',
    '/digest/sha-256',
    '/digest/md5?qop=auth',
    '/digest/sha-256?qop=none',
    '/digest/md5?a=1&b=%20',
  ])('%s, twice on one connection', async (path) => {
    expect((await curl(path)).match(/"id":"demo"/g)).toHaveLength(2);
  });

  test('with a body', async () => {
    expect((await curl('/digest/sha-256', '--data', 'a=1')).match(/"id":"demo"/g)).toHaveLength(2);
  });

  test('with a hashed name', async () => {
    expect(await curl('/digest/md5?userhash=true')).toContain('"id":"demo"');
  });
});
