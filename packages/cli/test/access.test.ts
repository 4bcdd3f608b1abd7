import { cpSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createHarness, type Harness } from '@connectorkit/harness';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { recordHarness, run, temporaryFolder } from './connector.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const SEEDS = join(ROOT, 'docs', 'how-to', 'story');
const API = '5a673b98-92f4-459d-b950-daeed7a8165d/payments/v1/956703';

/** The same people and the same API on each platform, as its emulator is seeded with them. */
const PLATFORMS = {
  akana: {
    dana: 'dana@example.com:dana-secret',
    olga: 'olga@example.com:olga-secret',
    api: 'Payments',
    request: ['--api', 'Payments', '--app', 'Checkout', '--accept-terms'],
    pending: 'apicontract.status.pending_approval',
    granted: 'apicontract.status.activated',
  },
  anypoint: {
    dana: 'dana:dana-secret',
    olga: 'olga:olga-secret',
    api: API,
    request: ['--api', API, '--app', 'Checkout', '--tier', 'Gold', '--accept-terms'],
    pending: 'PENDING',
    granted: 'APPROVED',
  },
} as const;

type Name = keyof typeof PLATFORMS;
const NAMES = Object.keys(PLATFORMS) as Name[];

let harness: Harness;
beforeAll(async () => {
  harness = await createHarness();
});
afterAll(() => harness.close());

/** A project of its own, on a harness that begins anew. */
async function project(platform: Name) {
  await harness.reset();
  await harness.seed(platform, JSON.parse(readFileSync(join(SEEDS, `${platform}.json`), 'utf8')));
  const cwd = temporaryFolder();
  cpSync(join(ROOT, 'templates', 'oauth2'), cwd, { recursive: true });
  recordHarness(cwd, harness);
  const { dana, olga } = PLATFORMS[platform];
  const as =
    (token: string) =>
    async (action: string, ...more: string[]) => {
      const args = ['access', action, ...more, '--platform', platform, '--json'];
      const { code, stdout, stderr } = await run(args, { cwd, env: { CONNECTOR_TOKEN_HARNESS: token } });
      const { data, diagnostics } = JSON.parse(stdout);
      return { code, data, diagnostics, all: stdout + stderr };
    };
  const values = join(cwd, 'connections', 'main', 'common.local.json');
  /** A command that was suggested, as it stands there: exactly so it is run. */
  const suggested = async (token: string, text: string) => {
    const [, words = ''] = /`?connector (access [^`]*)/.exec(text) ?? [];
    const args = [...words.split(' '), '--timeout', '1', '--json'];
    const { code, stdout } = await run(args, { cwd, env: { CONNECTOR_TOKEN_HARNESS: token } });
    const { data, diagnostics } = JSON.parse(stdout);
    return { code, data, codes: (diagnostics ?? []).map((each: { code: string }) => each.code) };
  };
  return { cwd, values, dana: as(dana), olga: as(olga), as, suggested };
}

/** What the provider gave, wherever it was written. */
function granted(values: string): string[] {
  return Object.values(JSON.parse(readFileSync(values, 'utf8')) as Record<string, string>);
}

type Project = Awaited<ReturnType<typeof project>>;

async function rejects({ olga }: Project, _: string, api: string): Promise<boolean> {
  const seen = await olga('list', '--api', api);
  return (await olga('reject', seen.data.contracts[0].id)).code === 0;
}

/** A session of Dana's, begun by hand: the client cannot begin it again by itself. */
const SESSIONS: Readonly<Record<Name, () => Promise<string>>> = {
  akana: async () => {
    const { headers } = await login('/api/login', { email: 'dana@example.com', password: 'dana-secret' });
    return headers
      .getSetCookie()
      .map((cookie) => cookie.split(';')[0])
      .join('; ');
  },
  anypoint: async () => {
    const answer = await login('/accounts/login', { username: 'dana', password: 'dana-secret' });
    return ((await answer.json()) as { access_token: string }).access_token;
  },
};

function login(path: string, credentials: object): Promise<Response> {
  const headers = { 'content-type': 'application/json' };
  return fetch(`${harness.url}${path}`, { method: 'POST', headers, body: JSON.stringify(credentials) });
}

/** How a requester takes a request back. */
const WITHDRAW: Readonly<Record<Name, (project: Project, contract: string) => Promise<boolean>>> = {
  akana: async ({ dana }, contract) => (await dana('cancel', contract)).code === 0,
  // Exchange has no way to withdraw a request: what ends it is that its application goes.
  anypoint: async () => {
    const path = `/exchange/api/v2/organizations/${API.split('/')[0]}/applications/1`;
    const headers = { authorization: `Bearer ${await SESSIONS.anypoint()}` };
    return (await fetch(`${harness.url}${path}`, { method: 'DELETE', headers })).status === 204;
  },
};

describe.each(NAMES)('access on %s', (platform) => {
  const { request, pending, api, granted: status } = PLATFORMS[platform];

  test('asked for, pending, granted by another role, and kept without being shown', async () => {
    const { cwd, values, dana, olga } = await project(platform);
    const asked = await dana('request', ...request);
    expect(asked.code, asked.all).toBe(0);
    const { id } = asked.data.contract;
    expect(asked.data).toMatchObject({ contract: { state: 'pending', status: pending }, kept: null });
    expect(existsSync(values)).toBe(false);

    const tired = await dana('show', id, '--wait', '--timeout', '1');
    expect(tired).toMatchObject({ code: 7, diagnostics: [{ code: 'access/pending' }] });
    expect(tired.all).toContain(`${id}: ${pending}, waiting`);
    const waiting = dana('show', id, '--wait');
    const seen = await olga('list', '--api', api);
    expect(seen.data.contracts).toHaveLength(1);
    const [{ id: theirs, actions }] = seen.data.contracts;
    expect(actions).toContain('approve');
    const approved = await olga('approve', theirs, '--comment', 'Welcome');
    expect(approved.code, approved.all).toBe(0);

    const kept = await waiting;
    expect(kept.code, kept.all).toBe(0);
    expect(kept.data).toMatchObject({ contract: { status }, kept: { keys: ['clientId', 'clientSecret'] } });
    const secrets = granted(values);
    expect(secrets).toHaveLength(2);
    for (const secret of secrets) {
      expect(secret).toMatch(/\S{4}/);
      for (const { all } of [asked, seen, approved, kept]) expect(all).not.toContain(secret);
    }
    if (process.platform !== 'win32') expect(statSync(values).mode & 0o777).toBe(0o600);
    const others = readdirSync(cwd, { recursive: true, encoding: 'utf8' }).map((name) => join(cwd, name));
    for (const file of others.filter((each) => statSync(each).isFile() && each !== values)) {
      for (const secret of secrets) expect(readFileSync(file, 'utf8'), file).not.toContain(secret);
    }
  });

  test('values of common that were there stay', async () => {
    const { values, dana, olga } = await project(platform);
    writeFileSync(values, '{"clientId": "old", "other": 1}');
    const { data } = await dana('request', ...request);
    const seen = await olga('list', '--api', api);
    await olga('approve', seen.data.contracts[0].id);
    await dana('show', data.contract.id, '--wait');
    expect(JSON.parse(readFileSync(values, 'utf8'))).toEqual({
      clientId: expect.not.stringContaining('old'),
      other: 1,
      clientSecret: expect.any(String),
    });
  });

  test.each([
    ['rejected', rejects],
    ['withdrawn', WITHDRAW[platform]],
  ] as const)('%s while somebody waits: ends with the platform’s words, and nothing is written', async (_, end) => {
    const people = await project(platform);
    const { data } = await people.dana('request', ...request);
    const waiting = people.dana('show', data.contract.id, '--wait', '--timeout', '30');
    expect(await end(people, data.contract.id, api)).toBe(true);
    const ended = await waiting;
    expect(ended.code, ended.all).toBe(7);
    expect(ended.diagnostics[0].message).toMatch(/reject|cancel|no contract/i);
    expect(existsSync(people.values)).toBe(false);
  });

  test('a wrong role is refused, and changes nothing', async () => {
    const { values, dana } = await project(platform);
    const { data } = await dana('request', ...request);
    const refused = await dana('approve', data.contract.id);
    expect(refused.code, refused.all).toBe(7);
    expect(refused.diagnostics[0].message).toContain('approve');
    expect((await dana('show', data.contract.id)).data.contract.status).toBe(pending);
    expect(existsSync(values)).toBe(false);
  });

  test('somebody who is not known is refused in the platform’s words', async () => {
    const { as, values } = await project(platform);
    const stranger = await as('nobody@example.com:wrong-password')('request', ...request);
    expect(stranger.code, stranger.all).toBe(7);
    expect(stranger.all).not.toContain('wrong-password');
    expect(existsSync(values)).toBe(false);
  });

  test('a session that is over is refused in the platform’s words', async () => {
    const { as, values } = await project(platform);
    const session = await SESSIONS[platform]();
    expect((await as(session)('list', '--app', 'Checkout')).code).toBe(0);
    await harness.clock.advance(24 * 60 * 60 * 1000);
    const over = await as(session)('request', ...request);
    expect(over.code, over.all).toBe(7);
    expect(over.diagnostics[0].message).toContain('401');
    expect(over.all).not.toContain(session);
    expect(existsSync(values)).toBe(false);
  });

  test('nobody decides: the wait ends, and says how to go on', async () => {
    const { values, dana, suggested } = await project(platform);
    const { code, diagnostics } = await dana('request', ...request, '--wait', '--timeout', '1');
    expect(code).toBe(7);
    expect(diagnostics[0]).toMatchObject({ code: 'access/pending', hint: expect.stringContaining('--wait') });
    expect(existsSync(values)).toBe(false);
    const again = await suggested(PLATFORMS[platform].dana, diagnostics[0].hint);
    expect(again).toMatchObject({ code: 7, codes: ['access/pending'] });
  });

  test('what is suggested after a rejection and where an id is missing is a command that works', async () => {
    const { dana, olga, suggested } = await project(platform);
    const { data } = await dana('request', ...request);
    const seen = await olga('list', '--api', api);
    await olga('reject', seen.data.contracts[0].id);
    const ended = await dana('show', data.contract.id, '--wait');
    expect(ended.diagnostics[0].code).toBe('access/refused');
    const reported: string = ended.diagnostics[0].hint;
    // On Anypoint the requester may do nothing any more, and no command is suggested.
    if (platform === 'anypoint') expect(reported).toBe('Ask the owner of the API: only they can change it now.');
    else expect(await suggested(PLATFORMS[platform].dana, reported), reported).toMatchObject({ code: 0 });
    const { hint } = (await dana('show')).diagnostics[0];
    expect(await suggested(PLATFORMS[platform].olga, hint.split('. ')[1])).toMatchObject({ code: 0 });
  });

  test('a connection without a place for credentials is reported before anything is asked for', async () => {
    const { cwd, dana } = await project(platform);
    writeFileSync(join(cwd, 'connections', 'main', 'common.schema.json'), '{"type": "object", "properties": {}}');
    const { code, diagnostics } = await dana('request', ...request);
    expect(code).toBe(2);
    expect(diagnostics[0].code).toBe('access/no-place');
    expect((await dana('list', '--app', 'Checkout')).data.contracts).toEqual([]);
  });
});

describe('terms that are not accepted', () => {
  test('are refused by Anypoint, in its own words', async () => {
    const { dana, values } = await project('anypoint');
    const terms = { v1: 'Be kind.' };
    await harness.seed('anypoint', { assets: [{ assetId: 'payments', name: 'Payments', terms }] });
    const { code, diagnostics, all } = await dana('request', '--api', API, '--app', 'Checkout', '--tier', 'Gold');
    expect(code, all).toBe(7);
    expect(diagnostics[0].message).toMatch(/term/i);
    expect(existsSync(values)).toBe(false);
  });

  test('are the business of the API’s owner on Akana, which tells them with the contract', async () => {
    const { dana } = await project('akana');
    const { code, data } = await dana('request', '--api', 'Payments', '--app', 'Checkout');
    expect(code).toBe(0);
    expect(data.contract.state).toBe('pending');
  });
});

test('what is missing on the command line is said, with an example', async () => {
  const { dana } = await project('akana');
  expect((await dana('show')).diagnostics[0].hint).toContain('connector access show');
  expect((await dana('request', '--api', 'Payments')).diagnostics[0].message).toContain('--app');
  expect((await dana('list', 'contract1')).diagnostics[0].code).toBe('usage/arguments');
  expect((await dana('aprove', 'x')).diagnostics[0].hint).toContain('approve');
});

test('an origin is not taken for one of another platform', async () => {
  const cwd = temporaryFolder();
  cpSync(join(ROOT, 'templates', 'oauth2'), cwd, { recursive: true });
  const manifest = JSON.parse(readFileSync(join(cwd, 'connector.json'), 'utf8'));
  const origins = { theirs: { platform: 'anypoint', url: 'https://anypoint.mulesoft.com' } };
  writeFileSync(join(cwd, 'connector.json'), JSON.stringify({ ...manifest, origins }));
  const line = ['access', 'list', '--app', 'Shop', '--origin', 'theirs', '--platform', 'akana', '--json'];
  const { code, stdout } = await run(line, { cwd, env: { CONNECTOR_TOKEN_THEIRS: 'a-token' } });
  expect(code).toBe(2);
  expect(JSON.parse(stdout).diagnostics).toMatchObject([{ code: 'origin/unknown' }]);
});

test('the schema of a seed is printed by its name, and that of a section by its own', async () => {
  const printed = async (name: string) => JSON.parse((await run(['schema', name], { cwd: temporaryFolder() })).stdout);
  expect(Object.keys((await printed('akana-seed')).properties)).toContain('contracts');
  expect(await printed('scope')).toMatchObject({ type: 'array' });
});
