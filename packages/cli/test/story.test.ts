import { spawn } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { BINARY, environmentOf, type Ran, temporaryFolder } from './connector.ts';

const DOCS = fileURLToPath(new URL('../../../docs/how-to/', import.meta.url));

/** The commands of the walkthrough, in their order. */
function commands(): string[] {
  const page = readFileSync(join(DOCS, 'story.md'), 'utf8');
  return [...page.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, block = '']) => block);
}

/** Runs a script in a shell in which `connector` is the bundled command; each line is reported before it runs. */
function shell(script: string, folder: string): Promise<Ran & { readonly argv: string }> {
  const bin = join(folder, 'bin');
  const argv = join(folder, 'argv.txt');
  mkdirSync(bin);
  writeFileSync(argv, '');
  cpSync(join(DOCS, 'story'), folder, { recursive: true });
  const shim = `#!/bin/sh\nprintf '%s\\n' "$*" >> '${argv}'\nexec '${process.execPath}' '${BINARY}' "$@"\n`;
  writeFileSync(join(bin, 'connector'), shim);
  chmodSync(join(bin, 'connector'), 0o755);
  const env = { ...environmentOf(), PATH: `${bin}:${process.env.PATH}`, NO_COLOR: '1', HOME: folder };
  return new Promise((resolve) => {
    const child = spawn('bash', ['-euo', 'pipefail', '-c', script], { cwd: folder, env, detached: true });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (chunk) => {
      stdout += chunk;
    });
    child.stderr.on('data', (chunk) => {
      stderr += chunk;
    });
    // Whatever a script that failed left running.
    child.on('exit', (code) => code !== 0 && child.pid !== undefined && process.kill(-child.pid));
    child.on('close', (code) => resolve({ code: code ?? 1, stdout, stderr, argv: readFileSync(argv, 'utf8') }));
  });
}

describe.skipIf(process.platform === 'win32')('the story, in a shell', () => {
  test('from a request to a customer: every command of the page, in its order', async () => {
    const folder = temporaryFolder();
    const { code, stdout, stderr, argv } = await shell(commands().join('\n'), folder);
    const all = stdout + stderr;
    expect(code, all).toBe(0);
    for (const words of [
      'apicontract.status.pending_approval',
      'apicontract.status.activated',
      'PENDING',
      'APPROVED',
      'clientId and clientSecret are kept in connections/main/common.local.json',
      'verified',
      'Recreated 1 connection',
      'connected  ',
      'exists, but its credentials were not accepted',
      'is not connected',
      'Deleted ',
    ]) {
      expect(all).toContain(words);
    }

    const project = join(folder, 'checkout');
    const values = join(project, 'connections', 'main', 'common.local.json');
    const secrets = [
      // The client id is none: the API's owner sees it.
      JSON.parse(readFileSync(values, 'utf8')).clientSecret as string,
      ...['key-of-acme', 'invalid-since-today', 'dana-secret', 'olga-secret'],
    ];
    for (const secret of secrets) expect(secret).toMatch(/^\S{8,}$/);
    for (const secret of secrets) {
      expect(all, secret).not.toContain(secret);
      expect(argv, secret).not.toContain(secret);
    }
    const files = readdirSync(project, { recursive: true, encoding: 'utf8' }).map((name) => join(project, name));
    const others = files.filter((file) => statSync(file).isFile() && file !== values && !file.endsWith('harness.json'));
    for (const file of others) {
      const text = readFileSync(file, 'latin1');
      for (const secret of secrets) expect(text.includes(secret), `${secret} in ${file}`).toBe(false);
    }
  }, 240_000);
});
