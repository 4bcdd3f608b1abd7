import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { agree, HAS_CHROMIUM, IN_CHROMIUM, useChromium } from './chromium.ts';
import { BINARY, environmentOf, temporaryFolder } from './connector.ts';
import { startProcess } from './started-process.ts';

const PAGE = fileURLToPath(new URL('../../../docs/tutorial.md', import.meta.url));

interface Block {
  readonly language: string;
  /** What stands behind the language: a file in brackets, or that the commands fail. */
  readonly more: string;
  readonly text: string;
}

function blocks(): Block[] {
  const page = readFileSync(PAGE, 'utf8');
  return [...page.matchAll(/^```(\w+) ?([^\n]*)\n(.*?)^```$/gms)].map(([, language = '', more = '', text = '']) => {
    return { language, more, text };
  });
}

const fileOf = ({ more }: Block) => /^\[(.*)\]$/.exec(more)?.[1] ?? '';

/** A line of the page as a pattern: `…` stands for what differs from run to run. */
function pattern(line: string): RegExp {
  const parts = line.split('…').map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  // Another port than the usual one: that may be taken on this machine.
  return new RegExp(`^${parts.join('.*').replaceAll(':4600', ':\\d+')}$`, 'm');
}

const lacking = (said: string, { text }: Block) =>
  text
    .trimEnd()
    .split('\n')
    .filter((line) => !pattern(line).test(said));

/** Changes a file as a block in the form of a diff says. */
function change(file: string, { text }: Block): void {
  const lines = text.trimEnd().split('\n');
  const side = (sign: string) =>
    lines.flatMap((line) => (line.startsWith(sign) || line.startsWith(' ') ? [` ${line.slice(1)}`.slice(1)] : []));
  const before = readFileSync(file, 'utf8');
  expect(before).toContain(side('-').join('\n'));
  writeFileSync(
    file,
    before.replace(side('-').join('\n'), () => side('+').join('\n')),
  );
}

/** The program that a command line of the page starts: npm brings the command from the registry, the test from its build. */
function programOf(line: string): readonly [program: string, ...args: string[]] {
  const words = line.split(' ');
  const [, name, ...options] = /^npm create connector (\S+) -- (.*)$/.exec(line) ?? [];
  if (name !== undefined) return [process.execPath, BINARY, 'create', name, ...options.join(' ').split(' ')];
  if (line === 'npm install') return ['npm', 'install', '--no-audit', '--no-fund'];
  if (line === 'npx connector dev') return [process.execPath, BINARY, 'dev', '--port', '0'];
  if (line.startsWith('npx connector ')) return [process.execPath, BINARY, ...words.slice(2)];
  throw new Error(`the test does not know how to run ${line}`);
}

describe.skipIf(!HAS_CHROMIUM)(`the tutorial${IN_CHROMIUM}`, () => {
  const newPage = useChromium();

  test('does what it says, command by command, in an empty folder', async () => {
    const home = temporaryFolder();
    const bin = join(home, 'bin');
    const opened = join(home, 'opened.txt');
    mkdirSync(bin);
    // What a desktop has for opening the user's browser.
    writeFileSync(join(bin, 'xdg-open'), `#!/bin/sh\nprintf '%s' "$1" > '${opened}'\n`);
    chmodSync(join(bin, 'xdg-open'), 0o755);
    const env = environmentOf({
      PATH: `${bin}:${process.env.PATH}`,
      HOME: home,
      XDG_CONFIG_HOME: join(home, 'config'),
    });
    const begin = (line: string, cwd: string) => {
      const [program, ...args] = programOf(line);
      return startProcess(program, args, { cwd, env });
    };

    let cwd = temporaryFolder();
    /** What was said since the last output that the page shows. */
    let said = () => '';
    let dev = () => '';
    let shown = 0;
    for (const block of blocks()) {
      const { language, more, text } = block;
      if (language === 'yaml') writeFileSync(join(cwd, fileOf(block)), text);
      if (language === 'diff') change(join(cwd, fileOf(block)), block);
      if (language === 'text') {
        await expect.poll(() => lacking(said(), block), { timeout: 60_000, message: said() }).toEqual([]);
        said = () => '';
        shown++;
      }
      if (language !== 'sh') continue;
      for (const line of text.trim().split('\n')) {
        if (line.startsWith('cd ')) {
          cwd = join(cwd, line.slice(3));
          continue;
        }
        const running = begin(line, cwd);
        const before = said;
        said = () => before() + running.said();
        if (line === 'npx connector dev') {
          dev = running.said;
          continue;
        }
        if (line.endsWith(' connect --local')) {
          await expect
            .poll(() => existsSync(opened) && readFileSync(opened, 'utf8'), { timeout: 60_000 })
            .toContain('http');
          await expect.poll(running.said, { timeout: 60_000 }).toContain('Your browser shows');
          await agree(await newPage(), readFileSync(opened, 'utf8'));
        }
        const code = await running.ended;
        expect(code === 0 ? 'works' : 'fails', `${line}: ${running.said()}`).toBe(more === 'fails' ? 'fails' : 'works');
      }
    }
    expect(shown).toBeGreaterThan(6);
    // As the page says of the mistake, the first terminal shows it too.
    expect(dev()).toContain('Unknown property "conditon" in "token".');
  }, 300_000);
});
