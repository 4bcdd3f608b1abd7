import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { agree, HAS_CHROMIUM, IN_CHROMIUM, useChromium } from './chromium.ts';
import { BINARY, environmentOf, temporaryFolder } from './connector.ts';
import { startProcess } from './started-process.ts';

const README = fileURLToPath(new URL('../../../README.md', import.meta.url));

/** The commands of the README's start: what stands behind the program's name. */
function commands(): string[][] {
  const [, block = ''] = /^## First steps.*?^```sh\n(.*?)^```$/ms.exec(readFileSync(README, 'utf8')) ?? [];
  const lines = [...block.matchAll(/^connector (.*?)(?: {2,}#.*)?$/gm)];
  return lines.map(([, line = '']) => line.trim().split(' '));
}

describe.skipIf(!HAS_CHROMIUM)(`the start in the README${IN_CHROMIUM}`, () => {
  const newPage = useChromium();

  test('ends with a connection that a browser made, without an account and without the internet', async () => {
    const folder = temporaryFolder();
    const bin = join(folder, 'bin');
    const asked = join(folder, 'asked.txt');
    mkdirSync(bin);
    // What a desktop has for opening the user's browser.
    writeFileSync(join(bin, 'xdg-open'), `#!/bin/sh\nprintf '%s' "$1" > '${asked}'\n`);
    chmodSync(join(bin, 'xdg-open'), 0o755);
    const nowhere = 'http://127.0.0.1:9';
    const env = environmentOf({
      PATH: `${bin}:${process.env.PATH}`,
      ...{ HTTP_PROXY: nowhere, HTTPS_PROXY: nowhere, NO_PROXY: '127.0.0.1,localhost' },
      ...{ http_proxy: nowhere, https_proxy: nowhere, no_proxy: '127.0.0.1,localhost' },
    });
    /** Starts a command as a process; gives what it says, and how it ends. */
    const begin = (args: readonly string[], cwd: string) =>
      startProcess(process.execPath, [BINARY, ...args], { cwd, env });
    const all = commands();
    expect(all.map(([name]) => name)).toEqual(
      expect.arrayContaining(['create', 'dev', 'connect', 'connections', 'harness']),
    );
    expect(all[0]).toEqual(['create', 'my-shop', '--template', 'oauth2']);
    const told: Record<string, string> = {};
    for (const args of all) {
      const [name] = args;
      const { ended, said } = begin(args, name === 'create' ? folder : join(folder, 'my-shop'));
      if (name === 'dev') {
        await expect.poll(said, { timeout: 30_000 }).toContain('Harness ready');
        continue;
      }
      if (name === 'connect') {
        await expect
          .poll(() => existsSync(asked) && readFileSync(asked, 'utf8'), { timeout: 30_000 })
          .toContain('http');
        // Told once the opener has ended, which is after it has the address.
        await expect.poll(said, { timeout: 30_000 }).toContain('Your browser shows');
        await agree(await newPage(), readFileSync(asked, 'utf8'));
      }
      expect(await ended, `${args.join(' ')}: ${said()}`).toBe(0);
      told[args.join(' ')] = said();
    }
    expect(told['connect --local']).toContain('Connected main as demo@example.com. It is main-1:');
    expect(told['connections refresh main-1']).toMatch(/✓ refresh .*→ 200/);
    expect(told['connections trace main-1']).toContain('The condition {{data.expires < addMinutes(now, 15)}} is true');
    expect(told['connections trace main-1']).toContain('refresh_token=[redacted');
  });
});
