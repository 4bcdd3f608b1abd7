import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runProcess, temporaryFolder } from './connector.ts';
import { projectFrom, start, stopAll } from './project.ts';

/* How the user's browser is opened on each system: the opener of each is a program that writes down what it was given. */

let project: string;
beforeAll(async () => {
  project = await projectFrom('oauth2');
  await start(['harness', '--port', '0'], project);
});
afterAll(stopAll);

/** Where each system has its opener below a folder, and how the address stands in its arguments. */
const OPENERS: Readonly<Record<string, { at(folder: string): string; addressIn(args: readonly string[]): string }>> = {
  linux: { at: (folder) => join(folder, 'xdg-open'), addressIn: ([address = '']) => address },
  darwin: { at: (folder) => join(folder, 'open'), addressIn: ([address = '']) => address },
  win32: {
    // Elsewhere, this is one name in the folder that is given for that of Windows.
    at: (folder) => `${folder}/windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe`,
    addressIn(args) {
      const encoded = args[args.indexOf('-EncodedCommand') + 1] ?? '';
      const command = Buffer.from(encoded, 'base64').toString('utf16le');
      // Within single quotes PowerShell takes everything as it is but a single quote.
      return /Start '([^']*)'$/.exec(command)?.[1] ?? command;
    },
  },
};

/** Connects as on a system, and gives what its opener was given and what the command said. */
async function connecting(platform: string, exit: number) {
  const folder = temporaryFolder();
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  const [asked, opener] = [join(folder, 'asked'), OPENERS[platform]];
  const program = opener?.at(platform === 'win32' ? folder : bin) ?? '';
  writeFileSync(program, `#!/bin/sh\nprintf '%s\\0' "$@" > '${asked}'\nexit ${exit}\n`);
  chmodSync(program, 0o755);
  const system = join(folder, 'system.mjs');
  writeFileSync(system, `Object.defineProperty(process, 'platform', { value: '${platform}' });`);
  const env = {
    PATH: `${bin}:${process.env.PATH}`,
    NODE_OPTIONS: `--import ${pathToFileURL(system).href}`,
    SYSTEMROOT: `${folder}/windows`,
  };
  const { code, stdout, stderr } = await runProcess(['connect', 'main', '--local', '--timeout', '3'], {
    cwd: project,
    env,
  });
  const args = existsSync(asked) ? readFileSync(asked, 'utf8').split('\0') : [];
  return { address: opener?.addressIn(args) ?? '', code, said: stderr + stdout };
}

describe.skipIf(process.platform !== 'linux')('the browser is opened (simulated on Linux)', () => {
  test.each(Object.keys(OPENERS))('as on %s, at the whole address', async (platform) => {
    const { address, code, said } = await connecting(platform, 0);
    const url = new URL(address);
    expect([...url.searchParams.keys()]).toEqual(expect.arrayContaining(['client_id', 'redirect_uri', 'state']));
    expect(said).toContain(`Your browser shows ${url.origin}`);
    expect(said).toContain('connect/no-callback');
    expect(code).toBe(1);
  });

  test.each(Object.keys(OPENERS))('and where that fails as on %s, the address is shown', async (platform) => {
    const { address, said } = await connecting(platform, 3);
    expect(said).toContain(`Open this address in your browser: ${address}`);
  });
});
