import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createHarness } from '@connectorkit/harness';
import { filesIn } from '@connectorkit/sdk/node';
import { afterEach, describe, expect, test } from 'vitest';
import { keptFromGit } from '../src/secret-files.ts';
import { run, temporaryFolder } from './connector.ts';
import { start, stopAll } from './project.ts';

afterEach(stopAll);

const API = '{"url": "https://api.acme.io/me", "headers": {"x-key": "{{common.apiKey}}"}}';
const SCHEMA = '{"type": "object", "properties": {"apiKey": {"type": "string", "writeOnly": true}}}';
const VALUES = '{"apiKey": "hunter2-0123456789"}';

interface Layout {
  readonly files: Readonly<Record<string, string>>;
  /** Where the values of `common` are, and the line that keeps them out of git. */
  readonly values: string;
  readonly line: string;
}

const LAYOUTS: Readonly<Record<string, Layout>> = {
  native: {
    files: {
      'connector.json': '{"name": "mine"}',
      'connections/main/connection.json': '{"type": "apikey", "label": "Main"}',
      'connections/main/api.jsonc': API,
      'connections/main/common.schema.json': SCHEMA,
    },
    values: 'connections/main/common.local.json',
    line: 'connections/*/common.local.json',
  },
  make: {
    files: {
      'makecomapp.json': JSON.stringify({
        fileVersion: 1,
        components: {
          connection: {
            main: { label: 'Main', connectionType: 'apikey', codeFiles: { communication: 'src/main/api.json' } },
          },
        },
        origins: [],
      }),
      'src/main/api.json': API,
      'src/main/common.schema.json': SCHEMA,
    },
    values: 'src/main/common.local.json',
    line: 'src/main/common.local.json',
  },
};

function write(folder: string, file: string, text: string): void {
  mkdirSync(dirname(join(folder, file)), { recursive: true });
  writeFileSync(join(folder, file), text);
}

function project({ files, values }: Layout): string {
  const cwd = temporaryFolder();
  for (const [file, text] of Object.entries({ ...files, [values]: VALUES })) write(cwd, file, text);
  return cwd;
}

function git(cwd: string, ...args: string[]): string {
  return execFileSync('git', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
}

describe.each(Object.entries(LAYOUTS))('secret values without a .gitignore, in the layout %s', (_, layout) => {
  const { values, line } = layout;

  async function reported(cwd: string) {
    const { stdout } = await run(['validate', '--json'], { cwd });
    expect(stdout).not.toContain('hunter2');
    const { diagnostics } = JSON.parse(stdout) as { diagnostics: { code: string; file: string; hint: string }[] };
    return diagnostics.filter(({ code }) => code.startsWith('common/')).map(({ file, hint }) => [file, hint]);
  }

  test('are told by validate with the line to add, until git ignores them and does not have them', async () => {
    const cwd = project(layout);
    expect(await reported(cwd)).toEqual([]);
    git(cwd, 'init');
    expect(await reported(cwd)).toEqual([[values, expect.stringContaining(`Add ${line} to .gitignore`)]]);
    writeFileSync(join(cwd, '.gitignore'), `${line}\n`);
    expect(await reported(cwd)).toEqual([]);
    git(cwd, 'add', '--force', values);
    expect(await reported(cwd)).toEqual([[values, expect.stringContaining(`git rm --cached ${values}`)]]);
  });

  test('are told by dev', async () => {
    const cwd = project(layout);
    git(cwd, 'init');
    const dev = await start(['dev', '--port', '0'], cwd);
    await expect.poll(dev.talk, { timeout: 10_000, interval: 20 }).toContain('common/not-ignored');
    expect(dev.talk().replace(/\s+/g, ' ')).toContain(`Add ${line} to .gitignore`);
    await dev.stop('SIGINT');
  });

  test('are told by login', async () => {
    const cwd = project(layout);
    git(cwd, 'init');
    const harness = await createHarness();
    try {
      const env = { CONNECTOR_HOST_MAKE: new URL(harness.url).host };
      const args = ['login', '--url', `${harness.url}/api/v2`, '--json'];
      const { code, stdout, stderr } = await run(args, { cwd, env, input: harness.token });
      expect(code, stderr).toBe(0);
      expect(JSON.parse(stdout).diagnostics).toMatchObject([{ code: 'common/not-ignored', file: values }]);
    } finally {
      await harness.close();
    }
  });

  test('are ignored, with the name used while writing, before a command writes them', () => {
    const cwd = temporaryFolder();
    git(cwd, 'init');
    const notes: string[] = [];
    const disk = filesIn(cwd);
    const status: string[] = [];
    const files = keptFromGit(
      {
        ...disk,
        write: (path, text, options) => {
          // What git would take at the moment when the temporary file is there.
          if (options?.secret) write(cwd, join(dirname(path), `.${path.split('/').at(-1)}.4711.abc.tmp`), text);
          status.push(git(cwd, 'status', '--porcelain', '--untracked-files=all'));
          disk.write(path, text, options);
        },
      },
      (message) => notes.push(message),
    );
    files.write(values, VALUES, { secret: true });
    expect(status.at(-1)).toBe('?? .gitignore\n');
    expect(git(cwd, 'status', '--porcelain', '--untracked-files=all')).toBe('?? .gitignore\n');
    expect(notes).toEqual([expect.stringContaining(line)]);
    files.write(values, '{}', { secret: true });
    expect(notes).toHaveLength(1);
    git(cwd, 'add', '--force', values);
    files.write(values, VALUES, { secret: true });
    expect(notes.slice(1)).toEqual([expect.stringContaining(`git rm --cached ${values}`)]);
  });
});

test('a .gitignore that is there keeps its lines, and nothing is added that git ignores anyway', () => {
  const cwd = temporaryFolder();
  const files = keptFromGit(filesIn(cwd), () => {});
  write(cwd, '.gitignore', 'node_modules');
  files.write('a [1].json', '{}', { secret: true });
  expect(readFileSync(join(cwd, '.gitignore'), 'utf8')).toBe('node_modules\n/a \\[1\\].json\n/.a \\[1\\].json.*.tmp\n');
  git(cwd, 'init');
  expect(git(cwd, 'status', '--porcelain')).toBe('?? .gitignore\n');
  write(cwd, '.gitignore', '*.json\n*.tmp\n');
  files.write('b.json', '{}', { secret: true });
  files.write('c.txt', '');
  expect(readFileSync(join(cwd, '.gitignore'), 'utf8')).toBe('*.json\n*.tmp\n');
});
