import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connectedStore } from '../src/local-state/connected.ts';
import { WRITTEN, writeConnection } from './connections.ts';
import { CONFIGURATION, run, stateIn } from './connector.ts';
import { projectFrom, type Started, start, stopAll } from './project.ts';

/* A run at the local provider becomes a test without secrets, which passes without a network. */

let project: string;
let harness: Started;
let planted: readonly string[];
beforeAll(async () => {
  project = await projectFrom('oauth2');
  for (const [id, written] of Object.entries(WRITTEN)) writeConnection(project, id, written);
  harness = await start(['harness', '--port', '0', '--store', 'memory'], project);
  const key = await (await fetch(`${harness.url}/provider/demo-key.pem`)).text();
  planted = ['demo-secret', 'demo-password', 'demo-api-key', ...key.split('\n').filter((line) => line.length > 60)];
});
afterAll(stopAll);

async function json(...args: readonly string[]) {
  const { code, stdout } = await run([...args, '--json'], { cwd: project });
  return { code, ...JSON.parse(stdout) };
}

/** A secret as it stands in texts, and what expressions make of it. */
function formsOf(secret: string): string[] {
  const encoded = [0, 1, 2].map((before) => {
    const all = Buffer.from(`${':'.repeat(before)}${secret}`)
      .toString('base64')
      .replace(/=+$/, '');
    return all.slice(Math.ceil((before * 4) / 3), -1);
  });
  const hashes = ['md5', 'sha1', 'sha256'].flatMap((name) => {
    const hash = createHash(name).update(secret).digest();
    return [hash.toString('hex'), hash.toString('base64')];
  });
  return [secret, encodeURIComponent(secret), ...encoded, ...hashes];
}

/** What a file holds of these secrets. */
function heldIn(text: string, secrets: readonly string[]): string[] {
  return secrets.filter((secret) => formsOf(secret).some((form) => text.includes(form)));
}

/** What is stored with connections here under the names of secrets. */
function storedSecrets(): string[] {
  const own = { XDG_CONFIG_HOME: CONFIGURATION };
  const all = connectedStore(stateIn(project), own).all();
  const values = all.flatMap(({ instance }) => Object.entries(instance.data));
  return values.filter(([name]) => /token|secret/i.test(name)).map(([, value]) => String(value));
}

/** Where the section itself holds a secret of the run, it would stand in the recording. */
const HOLDS_SECRET = 'other-session';

describe('a recording of a grant', () => {
  const grants = Object.keys(WRITTEN).filter((id) => id !== 'other' && id !== HOLDS_SECRET);

  test.each(grants)('%s: replays, and holds none of the secrets', async (id) => {
    const connected = await json('connect', id, '--local', '--headless', '--record', 'login');
    expect(connected.diagnostics).toEqual([]);
    expect(connected).toMatchObject({ code: 0, data: { recorded: `connections/${id}/tests/login.test.jsonc` } });
    const renews = WRITTEN[id]?.renews;
    const before = storedSecrets();
    const more: string[] = ['verify'];
    expect((await json('connections', 'verify', `${id}-1`, '--record', 'verify')).code).toBe(0);
    if (renews !== undefined) {
      await run(['harness', 'clock', '+61m'], { cwd: project });
      const renewed = await json('connections', 'refresh', `${id}-1`, '--record', 'refresh');
      await run(['harness', 'clock', 'real'], { cwd: project });
      expect(renewed).toMatchObject({ code: 0, data: { recorded: `connections/${id}/tests/refresh.test.jsonc` } });
      more.push('refresh');
    }
    const secrets = [...planted, ...before, ...storedSecrets()];
    for (const name of ['login', ...more]) {
      const text = readFileSync(join(project, 'connections', id, 'tests', `${name}.test.jsonc`), 'utf8');
      expect(heldIn(text, secrets), `${id} ${name}`).toEqual([]);
      expect(text, name).toContain('placeholder-');
    }
    const tested = await json('test', id, '--strict');
    expect(tested).toMatchObject({ code: 0, data: { passed: 1 + more.length, failed: 0 }, diagnostics: [] });
    // What is sent is all that the recording says, to the byte: there is nothing that an update would write.
    const updated = await json('test', id, '--update');
    expect(updated.data).toMatchObject({ updated: [], written: false });
  });

  test('is refused where the section itself holds a secret, and nothing is written', async () => {
    const { code, diagnostics } = await json('connect', HOLDS_SECRET, '--local', '--headless', '--record', 'login');
    expect([code, diagnostics[0].code]).toEqual([1, 'record/secret']);
    expect(JSON.stringify(diagnostics)).not.toContain('demo-secret');
    expect(existsSync(join(project, 'connections', HOLDS_SECRET, 'tests'))).toBe(false);
  });

  test('takes the place of no test, and has a name that a file can have', async () => {
    const again = await json('connect', 'main', '--local', '--headless', '--record', 'main');
    expect([again.code, again.diagnostics[0].code]).toEqual([2, 'record/exists']);
    const wrong = await json('connect', 'main', '--local', '--headless', '--record', '../main');
    expect([wrong.code, wrong.diagnostics[0].code]).toEqual([2, 'record/name']);
  });
});

describe('a recording that holds a secret is not run', () => {
  const file = () => join(project, 'connections/basic/tests/login.test.jsonc');
  const changed = async (from: string, to: string) => {
    const text = readFileSync(file(), 'utf8');
    expect(text).toContain(from);
    writeFileSync(file(), text.replaceAll(from, to));
    const tested = await run(['test', 'basic', '--json'], { cwd: project });
    writeFileSync(file(), text);
    return { ...JSON.parse(tested.stdout), said: tested.stdout + tested.stderr };
  };

  test.each([
    ['a secret of a service', '"placeholder-password"', `"ghp_${'0a1B'.repeat(9)}"`],
    ['what has the name of a secret', '"placeholder-password"', '"Tr0ub4dor"'],
    ['what looks generated', '"name": "Demo User"', '"seal": "a8f5f167f44f4964e6c998dee827110c"'],
  ])('%s', async (_, from, to) => {
    const { ok, diagnostics, data, said } = await changed(from, to);
    expect({ ok, failed: data.failed }).toEqual({ ok: false, failed: 0 });
    expect(diagnostics[0]).toMatchObject({ code: 'test/secret', file: 'connections/basic/tests/login.test.jsonc' });
    expect(diagnostics[0].line).toBeGreaterThan(1);
    expect(said).not.toContain(to.split('"').at(-2));
  });

  test('a value of common, in base64 as well', async () => {
    writeFileSync(
      join(project, 'connections/main/common.local.json'),
      '{"clientId": "an-id", "clientSecret": "hunter2-hunter2"}',
    );
    const main = join(project, 'connections/main/tests/main.test.jsonc');
    const text = readFileSync(main, 'utf8');
    for (const form of ['hunter2-hunter2', Buffer.from('an-id:hunter2-hunter2').toString('base64')]) {
      writeFileSync(main, text.replace('"secret-1"', JSON.stringify(form)));
      const { code, diagnostics } = await json('test', 'main');
      expect([code, diagnostics[0].code]).toEqual([1, 'test/secret']);
      expect(JSON.stringify(diagnostics)).not.toContain(form);
    }
    writeFileSync(main, text);
    expect((await json('test', 'main')).code).toBe(0);
  });
});
