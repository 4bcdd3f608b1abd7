import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { copyText } from '../src/clipboard.ts';
import { version } from '../src/version.ts';
import { environmentOf, run, temporaryFolder } from './connector.ts';
import { newProject } from './project.ts';

const WINDOWS = process.platform === 'win32';

test('versions, the system and what the project has, and nothing that somebody named', async () => {
  const project = await newProject('private-name');
  const manifest = JSON.parse(readFileSync(join(project, 'connector.json'), 'utf8'));
  const origins = {
    secretname: { platform: 'make', url: 'https://private-host.acme.test/api/v2' },
    public: { platform: 'make', zone: 'eu1' },
  };
  writeFileSync(join(project, 'connector.json'), JSON.stringify({ ...manifest, origins }));
  const { code, stdout } = await run(['info', '--json'], { cwd: project, env: { CONNECTOR_TOKEN_PUBLIC: 'planted' } });
  const { data } = JSON.parse(stdout);
  expect(code).toBe(0);
  expect(data).toMatchObject({
    connector: version(),
    node: process.versions.node,
    project: 'native layout, 1 connection',
    connections: expect.stringMatching(/^oauth\S* \(api, /),
    origins: 'Make at its own address; Make eu1',
    harness: 'not running',
  });
  expect(stdout).not.toMatch(/private|secretname|acme|github|planted/);
  expect(stdout).not.toContain(project);
});

test('a folder without a project, and one that cannot be read', async () => {
  const folder = temporaryFolder();
  expect((await run(['info'], { cwd: folder })).stdout).toMatch(/^project +none \(project\/not-found\)$/m);
  writeFileSync(join(folder, 'connector.json'), '{');
  const broken = await run(['info'], { cwd: folder });
  expect(broken.code).toBe(0);
  expect(broken.stdout).toMatch(/^problems +.*source\/syntax/m);
});

describe.skipIf(WINDOWS)('the clipboard', () => {
  /** A program that keeps its stdin, in a folder for PATH. */
  function program(name: string, fails = false) {
    const folder = temporaryFolder();
    const kept = join(folder, 'kept.txt');
    writeFileSync(
      join(folder, name),
      fails ? '#!/bin/sh\nexit 1\n' : `#!/bin/sh\ncat > ${kept}\necho "$@" > ${kept}.args\n`,
    );
    chmodSync(join(folder, name), 0o755);
    return { folder, kept };
  }
  const SYSTEM = process.env.PATH ?? '';
  const on = (PATH: string, others: Record<string, string> = {}) => ({
    ...environmentOf(),
    WSL_DISTRO_NAME: '',
    WAYLAND_DISPLAY: '',
    DISPLAY: '',
    SSH_CONNECTION: '',
    ...others,
    PATH: `${PATH}${delimiter}${SYSTEM}`,
  });
  const terminal = (stderr: boolean) => ({ stderr }) as never;

  test.each([
    ['pbcopy', 'darwin', {}, ''],
    ['clip.exe', 'win32', {}, ''],
    ['clip.exe', 'linux', { WSL_DISTRO_NAME: 'Debian' }, ''],
    ['wl-copy', 'linux', { WAYLAND_DISPLAY: 'wayland-0', DISPLAY: ':0' }, ''],
    ['xclip', 'linux', { DISPLAY: ':0' }, '-selection clipboard'],
    ['xsel', 'linux', { DISPLAY: ':0' }, '--clipboard --input'],
  ] as const)('takes the text with %s on %s', async (name, platform, variables, args) => {
    const { folder, kept } = program(name);
    const context = { environment: on(folder, variables), terminal: terminal(false) };
    expect(await copyText('a\ntext ä\n', context, { platform })).toBe(`with ${name}`);
    expect(readFileSync(kept, 'utf8')).toBe('a\ntext ä\n');
    expect(readFileSync(`${kept}.args`, 'utf8').trim()).toBe(args);
  });

  test('without a program the terminal is asked, over SSH first', async () => {
    const { folder } = program('pbcopy');
    const written: string[] = [];
    const surroundings = { platform: 'darwin', toTerminal: (text: string) => written.push(text) } as const;
    const remote = { environment: on(folder, { SSH_CONNECTION: '1 2 3 4' }), terminal: terminal(true) };
    expect(await copyText('text', remote, surroundings)).toMatch(/^of the terminal/);
    expect(written).toEqual([`\u001b]52;c;${Buffer.from('text').toString('base64')}\u0007`]);
    const failing = { environment: on(program('pbcopy', true).folder), terminal: terminal(true) };
    expect(await copyText('text', failing, surroundings)).toMatch(/^of the terminal/);
    expect(await copyText('text', { ...remote, terminal: terminal(false) }, surroundings)).toBeUndefined();
  });

  test('the command copies what it prints, and says so where it cannot', async () => {
    const cwd = temporaryFolder();
    const { folder, kept } = program(process.platform === 'darwin' ? 'pbcopy' : 'xclip');
    const env = on(folder, { DISPLAY: ':0' }) as Record<string, string>;
    const { code, stdout, stderr } = await run(['info', '--copy'], { cwd, env });
    expect({ code, copied: readFileSync(kept, 'utf8') }).toEqual({ code: 0, copied: stdout });
    expect(stderr).toContain('Copied to the clipboard with');
    if (process.platform === 'darwin') return;
    const none = await run(['info', '--copy'], { cwd, env: on(temporaryFolder()) as Record<string, string> });
    expect(none.code).toBe(1);
    expect(none.stdout).toContain('info/no-clipboard');
    expect(none.stdout).toContain(process.versions.node);
  });
});
