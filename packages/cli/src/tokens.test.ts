import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConnectorError } from '@connectorkit/sdk';
import { PLATFORMS } from '@connectorkit/sdk/platforms';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { credentialsOf } from './credentials.ts';
import type { DestinationAddress } from './settings.ts';
import { admit } from './tokens.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'tokens-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const FAR = 'https://make.example.com/api/v2';
const EU = 'https://eu1.make.com/api/v2';
const at = (url: string, more: Partial<DestinationAddress> = {}): DestinationAddress => ({
  name: 'make-eu',
  url,
  local: false,
  ...more,
});

interface Given {
  readonly env?: Readonly<Record<string, string>>;
  /** Answer of the person at the terminal; nobody is there when it is left out. */
  readonly answer?: boolean;
}

/** Lets a command in, and tells what was asked. Nothing is ever sent. */
async function letIn(place: DestinationAddress, { env = {}, answer }: Given = {}) {
  const asked: string[] = [];
  const context = {
    environment: { XDG_CONFIG_HOME: join(root, 'user'), ...env },
    terminal: { interactive: answer !== undefined },
    ask: {
      confirm: async ({ message }: { message: string }) => {
        asked.push(message);
        return answer === true;
      },
    },
    permit: () => undefined,
    send: async () => {
      throw new Error('something was sent');
    },
  };
  try {
    const { token, source } = await admit(context, place, { folder: join(root, 'project') });
    return { token, source, asked };
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error;
    const [diagnostic] = error.diagnostics;
    return { kind: error.kind, code: diagnostic?.code, hint: diagnostic?.hint, asked };
  }
}

describe('a variable', () => {
  test.each(
    Object.values(PLATFORMS).flatMap((platform) =>
      Object.values('zones' in platform ? platform.zones : {}).map((url) => [platform.name, url] as const),
    ),
  )('alone is for the platform’s own addresses: %s at %s', async (platform, url) => {
    const place = at(url, { platform });
    expect(await letIn(place, { env: { CONNECTOR_TOKEN: 'any' } })).toMatchObject({ token: 'any' });
    const env = { CONNECTOR_TOKEN: 'any', CONNECTOR_TOKEN_MAKE_EU: 'own' };
    expect(await letIn(place, { env })).toMatchObject({ token: 'own', source: 'CONNECTOR_TOKEN_MAKE_EU' });
  });

  test.each([
    FAR,
    'https://eu1.make.com.example.com/api/v2',
    'https://eu1.make.com@example.com/api/v2',
    'https://eu1.make.com:8443/api/v2',
    'https://eu1.make.com/api/v2/../../elsewhere',
    'https://eu1.make.com/api/v2?',
    'https://eu1.make.com/webhook/of/somebody',
    'https://www.workato.com',
    'http://127.0.0.1:4600/api/v2',
  ])('is not for %s, which the project alone names', async (url) => {
    const bare = await letIn(at(url), { env: { CONNECTOR_TOKEN: 'any' } });
    expect(bare).toMatchObject({ kind: 'auth', code: 'origin/no-token' });
    const own = await letIn(at(url), { env: { CONNECTOR_TOKEN_MAKE_EU: 'own' } });
    expect(own).toMatchObject({ kind: 'auth', code: 'origin/host' });
    expect(own.hint).toContain(`CONNECTOR_HOST_MAKE_EU=${new URL(url).host}`);
  });

  test.each([
    ['make.example.com', FAR],
    ['MAKE.example.com:443', FAR],
    ['https://make.example.com', FAR],
    ['https://make.example.com/api/v2/', FAR],
    ['https://make.example.com/api', FAR],
    ['127.0.0.1:4600', 'http://127.0.0.1:4600/api/v2'],
    ['eu1.make.com', EU],
  ])('is for the host that is named beside it: %s', async (host, url) => {
    const env = { CONNECTOR_TOKEN_MAKE_EU: 'own', CONNECTOR_HOST_MAKE_EU: host };
    expect(await letIn(at(url), { env })).toMatchObject({ token: 'own' });
    // The one for all is still for the platforms alone.
    const bare = await letIn(at(FAR), { env: { CONNECTOR_TOKEN: 'any', CONNECTOR_HOST_MAKE_EU: 'make.example.com' } });
    expect(bare).toMatchObject({ code: 'origin/no-token' });
  });

  test.each([
    ['example.com', FAR, 'origin/host'],
    ['make.example.com:8443', FAR, 'origin/host'],
    ['http://make.example.com', FAR, 'origin/host'],
    ['https://make.example.com/api/v20', FAR, 'origin/host'],
    ['https://make.example.com/ap', FAR, 'origin/host'],
    ['x@make.example.com', FAR, 'origin/host'],
    ['make.example.com', EU, 'origin/host'],
    ['make.example.com/api', FAR, 'usage/environment'],
    ['not a host', FAR, 'usage/environment'],
  ])('is for no other host than %s', async (host, url, code) => {
    credentialsOf({ XDG_CONFIG_HOME: join(root, 'user') }).keep({ platform: 'make', url }, 'kept');
    const env = { CONNECTOR_TOKEN_MAKE_EU: 'own', CONNECTOR_HOST_MAKE_EU: host };
    expect(await letIn(at(url), { env })).toMatchObject({ code });
  });

  test('is for the address that was typed', async () => {
    expect(await letIn(at(FAR, { typed: true }), { env: { CONNECTOR_TOKEN_MAKE_EU: 'own' } })).toMatchObject({
      token: 'own',
    });
  });
});

test('without TLS nothing is sent but to this machine, whoever names it', async () => {
  const env = { CONNECTOR_TOKEN_MAKE_EU: 'own', CONNECTOR_HOST_MAKE_EU: 'make.example.com' };
  for (const place of [at('http://make.example.com/api/v2'), at('http://eu1.make.com/api/v2', { typed: true })]) {
    credentialsOf({ XDG_CONFIG_HOME: join(root, 'user') }).keep({ platform: 'make', url: place.url }, 'kept');
    expect(await letIn(place, { env })).toMatchObject({ kind: 'usage', code: 'origin/plain-http' });
  }
  for (const host of ['localhost:1', '127.0.0.2', '[::1]:8080']) {
    const named = { CONNECTOR_TOKEN_MAKE_EU: 'own', CONNECTOR_HOST_MAKE_EU: host };
    expect(await letIn(at(`http://${host}`), { env: named })).toMatchObject({ token: 'own' });
  }
});

test('what somebody logged in with is for that address', async () => {
  const credentials = credentialsOf({ XDG_CONFIG_HOME: join(root, 'user') });
  credentials.keep({ platform: 'make', url: FAR }, 'kept');
  expect(await letIn(at(FAR))).toMatchObject({ token: 'kept', source: credentials.file });
  expect(await letIn(at(FAR), { env: { CONNECTOR_TOKEN: 'any' } })).toMatchObject({ token: 'kept' });
  expect(await letIn(at('https://other.example.com/api/v2'))).toMatchObject({ code: 'origin/no-token' });
});

describe('the file that a project names', () => {
  const NAMED = { CONNECTOR_HOST_MAKE_EU: 'make.example.com' };
  /** The place, its token in a file beside the project. */
  function withFile(url = FAR, text = 'in-the-file\n') {
    mkdirSync(join(root, 'project'), { recursive: true });
    writeFileSync(join(root, 'apikey'), text);
    return at(url, { tokenFile: '../apikey' });
  }

  test('is read for the platform’s own addresses, and for a host that is named', async () => {
    expect(await letIn(withFile(EU))).toMatchObject({ token: 'in-the-file', asked: [] });
    expect(await letIn(withFile(), { env: NAMED })).toMatchObject({ token: 'in-the-file', asked: [] });
  });

  test('is not read where nobody can be asked, and it is said how to allow it', async () => {
    const refused = await letIn(withFile());
    expect(refused).toMatchObject({ kind: 'auth', code: 'origin/token-file', asked: [] });
    expect(refused.hint).toContain('CONNECTOR_HOST_MAKE_EU=make.example.com');
    expect(await letIn(withFile(), { env: { CONNECTOR_HOST_MAKE_EU: 'example.org' } })).toMatchObject({
      code: 'origin/host',
    });
  });

  test('is asked about once for a file and an address, and the answer is the user’s own', async () => {
    const place = withFile();
    const first = await letIn(place, { answer: true });
    expect(first).toMatchObject({ token: 'in-the-file' });
    expect(first.asked).toEqual([expect.stringMatching(/apikey .*make\.example\.com/)]);
    expect(await letIn(place)).toMatchObject({ token: 'in-the-file', asked: [] });
    const kept = join(root, 'user', 'connectorkit', 'token-files.json');
    expect(readFileSync(kept, 'utf8')).not.toContain('in-the-file');
    if (process.platform !== 'win32') expect(statSync(kept).mode & 0o777).toBe(0o600);

    writeFileSync(join(root, 'other'), 'another\n');
    expect(await letIn({ ...place, tokenFile: '../other' })).toMatchObject({ code: 'origin/token-file' });
    expect(await letIn({ ...place, url: 'https://make.example.org/api/v2' })).toMatchObject({
      code: 'origin/token-file',
    });
    // A link in the place of the file is another file.
    rmSync(join(root, 'apikey'));
    symlinkSync(join(root, 'other'), join(root, 'apikey'));
    expect(await letIn(place)).toMatchObject({ code: 'origin/token-file' });
  });

  test('a no is no, and is asked again', async () => {
    const place = withFile();
    for (const answer of [false, false]) {
      const refused = await letIn(place, { answer });
      expect([refused.code, refused.asked.length]).toEqual(['origin/token-file', 1]);
    }
    expect(await letIn(place)).toMatchObject({ code: 'origin/token-file' });
  });

  test.each([
    ['several lines', 'one\ntwo\n'],
    ['no text', ' \n'],
    ['what no header takes', 'sch\u00f6n'],
    ['more than a token', 'x'.repeat(20_000)],
  ])('with %s is no token', async (_, text) => {
    expect(await letIn(withFile(FAR, text), { env: NAMED })).toMatchObject({ code: 'origin/token-file' });
  });

  test('that is none is no token, and is named', async () => {
    const place = withFile();
    expect(await letIn({ ...place, tokenFile: '..' }, { env: NAMED })).toMatchObject({ code: 'origin/token-file' });
    expect(await letIn({ ...place, tokenFile: '../nowhere' })).toMatchObject({ code: 'origin/no-token' });
  });
});
