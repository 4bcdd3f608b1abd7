import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CONFIGURATION, environmentOf, run, stateIn, temporaryFolder } from './connector.ts';
import { projectFrom, type Started, start, stopAll } from './project.ts';
import { HAS_TERMINAL, has, type Shell, startShell, wasRun } from './shell.ts';

/** Names that a shell would do something with, each by its first letter. */
const NAMES = {
  a: 'a b$(touch pwned)',
  c: 'c:d@e=f',
  e: `e'f"g`,
  j: 'j`touch pwned`;touch pwned&',
  i: 'i\\j|k<l>m',
  n: 'n!o*?[p]{q}',
  r: 'r#s~t (u) v',
  w: 'wörld größe',
};

/** A project with origins of those names, and two connections. */
async function project(): Promise<string> {
  const root = await projectFrom('api-key');
  expect((await run(['add', 'second', '--template', 'basic'], { cwd: root })).code).toBe(0);
  const file = join(root, 'connector.json');
  const origins = Object.fromEntries(Object.values(NAMES).map((name) => [name, { zone: 'eu1' }]));
  writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, 'utf8')), origins }));
  return root;
}

/** A harness that runs for the folder, with two snapshots and a space. */
async function harnessWithSnapshots(root: string): Promise<Started> {
  const harness = await start(['harness', '--port', '0', '--store', 'memory'], root);
  for (const path of ['snapshots/before', 'snapshots/empty', 'spaces/pr-1']) {
    const init = { method: 'PUT', headers: { authorization: `Bearer ${harness.control}` } };
    expect((await fetch(`${harness.url}/__harness/${path}`, init)).ok).toBe(true);
  }
  return harness;
}

const SHELLS = {
  bash: {
    command: 'bash --norc --noprofile -i',
    setUp: 'eval "$(connector completion bash)"; bind "set completion-query-items 0"; bind "set page-completions off"',
    keys: '\t\t',
    typed: [`--origin "a`, `--origin 'a`, '--origin a\\ b', '--origin=a', `--origin="a`],
  },
  zsh: {
    command: 'zsh -f -i',
    setUp: 'autoload -Uz compinit; compinit -u -D; LISTMAX=-1; eval "$(connector completion zsh)"',
    keys: '\t',
    typed: [`--origin "a`, `--origin 'a`, '--origin a\\ b', '--origin=a'],
  },
  fish: {
    command: 'fish --no-config -i',
    setUp: 'connector completion fish | source',
    keys: '\t',
    typed: [`--origin "a`, `--origin 'a`, '--origin a\\ b', '--origin=a'],
  },
};

for (const [name, { command, setUp, typed }] of Object.entries(SHELLS)) {
  const missing = HAS_TERMINAL && has(name) ? '' : ` (needs ${name}, and script)`;
  describe.skipIf(missing !== '')(`${name}, on a terminal${missing}`, () => {
    let root: string;
    let shell: Shell;
    beforeAll(async () => {
      root = await project();
      await harnessWithSnapshots(root);
      shell = await startShell(command, setUp, root);
    });
    afterAll(async () => {
      await shell?.close();
      await stopAll();
    });

    test.each([
      ['a command', 'connector valid\t', ['validate']],
      ['a flag', 'connector validate --max\t 0', ['validate', '--max-warnings', '0']],
      ['a connection', 'connector validate sec\t', ['validate', 'second']],
      ['what is left of the connections', 'connector validate second \t', ['validate', 'second', 'main']],
      ['an option’s value', 'connector schema api --type oauth-cl\t', ['schema', 'api', '--type', 'oauth-clicre']],
      [
        'a template',
        'connector create x --template oauth2-cl\t',
        ['create', 'x', '--template', 'oauth2-client-credentials'],
      ],
      ['a code', 'connector explain source/tr\t', ['explain', 'source/trailing-comma']],
      ['an action', 'connector connections inv\t', ['connections', 'invalidate']],
      ['a snapshot of the harness', 'connector harness restore bef\t', ['harness', 'restore', 'before']],
      ['the name of a file', 'connector iml --data connector.j\t', ['iml', '--data', 'connector.json']],
    ])('completes %s', async (_, line, expected) => {
      expect(await shell.type(line)).toEqual(expected);
    });

    test('lists what is possible, and runs nothing of it', async () => {
      const { keys } = SHELLS[name as keyof typeof SHELLS];
      const shown = await shell.show(`connector push --origin ${keys}`, /harness/);
      expect(shown).toContain('touch');
      expect(wasRun(root)).toBe(false);
      // Control-U takes the line away that was not finished.
      expect(await shell.type(`\u0015connector still-there`)).toEqual(['still-there']);
    });

    test.each(Object.entries(NAMES))(
      'an origin that begins with %s is one word, as it is called: %s',
      async (first, origin) => {
        expect(await shell.type(`connector push --origin ${first}\t --yes`)).toEqual([
          'push',
          '--origin',
          origin,
          '--yes',
        ]);
        expect(wasRun(root)).toBe(false);
      },
    );

    test.each(typed)('so it is behind %s', async (words) => {
      const args = await shell.type(`connector push ${words}\t`);
      const expected = words.includes('=') ? [`--origin=${NAMES.a}`] : ['--origin', NAMES.a];
      expect(args).toEqual(['push', ...expected]);
      expect(wasRun(root)).toBe(false);
    });
  });
}

/** What the script of a shell is answered. */
async function answered(words: readonly string[], current: string, cwd: string, shell = 'fish') {
  const line =
    shell === 'bash' ? [`--current=${['connector', ...words, current].join(' ')}`] : [`--current=${current}`];
  const { code, stdout, stderr } = await run(['completion', shell, ...line, '--', ...words], { cwd });
  expect([code, stderr]).toEqual([0, '']);
  const [kind, ...lines] = stdout.trimEnd().split('\n');
  return { kind, values: lines.filter((_, index) => shell === 'bash' || index % 2 === 0), lines };
}

describe('what a script is answered', () => {
  let root: string;
  beforeAll(async () => {
    root = await project();
  });

  test.each([
    [[], 'v', ['validate', 'whoami']],
    [[], '--', ['--project', '--no-color']],
    [['push'], '--', ['--dry-run', '--json']],
    [['push', '--format'], '', ['sarif', 'junit']],
    [['diff', '--origin'], '', [...Object.values(NAMES), 'harness']],
    [['--project', '.', 'remove'], '', ['main', 'second']],
    [['explain'], '', ['source/syntax', 'request/plain-http', 'mcp/not-allowed']],
    [['access', '--platform'], '', ['akana', 'anypoint']],
    [['connections'], '', ['verify', 'trace']],
    [['validate', '--as'], '', ['api', 'parameters']],
    [['create', 'x', '--example'], '', ['github-oauth']],
    [['help'], '', ['validate', 'mcp']],
    [['completion'], '', ['bash', 'zsh', 'fish', 'powershell']],
  ])('%j %j', async (words, current, expected) => {
    const { kind, values } = await answered(words, current, root);
    expect(kind).toBe('words');
    expect(values).toEqual(expect.arrayContaining(expected));
  });

  test('what was given already is not offered again', async () => {
    expect((await answered(['validate', '--fix', 'main'], '--', root)).values).not.toContain('--fix');
    expect((await answered(['validate', 'main'], '', root)).values).toEqual(['second']);
    expect((await answered(['push'], '', root)).values).toEqual([]);
    expect((await answered(['validate', '--'], '-', root)).values).toEqual(['main', 'second']);
  });

  test('connected connections and snapshots are offered by their names', async () => {
    const { connectedStore } = await import('../src/local-state/connected.ts');
    const state = stateIn(root);
    const connected = { connection: 'main', local: true, connected: '', changed: '', redirectUri: '', parameters: {} };
    const empty = { instance: { data: {} }, trace: { steps: [] } } as never as { instance: never; trace: never };
    connectedStore(state, { XDG_CONFIG_HOME: CONFIGURATION }).add({ ...connected, ...empty });
    state.keepSnapshot('20260131T120000000Z-make', { taken: 'now' });
    const { lines } = await answered(['connections', 'verify'], '', root);
    expect(lines).toEqual(['main-1', 'main, local provider']);
    expect((await answered(['rollback'], '', root)).values).toEqual(['20260131T120000000Z-make']);
  });

  test('what an action on the harness can be about is asked of the one that runs', async () => {
    const folder = await project();
    const about = async (action: string, ...more: string[]) => {
      const { kind, values } = await answered(['harness', action, ...more], '', folder);
      return kind === 'files' ? kind : values.filter((value) => value !== '');
    };
    // None runs.
    expect(await about('restore')).toEqual([]);
    const { stop } = await harnessWithSnapshots(folder);
    expect(await about('restore')).toEqual(['before', 'empty']);
    expect(await about('snapshot')).toEqual(['before', 'empty']);
    expect(await about('remove-space')).toEqual(['pr-1']);
    expect(await about('fault')).toEqual(expect.arrayContaining(['latency', 'lost', 'clear']));
    expect(await about('clock')).toEqual(['real']);
    expect(await about('seed')).toBe('files');
    expect(await about('journal')).toEqual([]);
    // Another machine is not asked.
    expect(await about('restore', '--url', 'https://harness.example.com')).toEqual([]);
    await stop();
    expect(await about('restore')).toEqual([]);
  });

  test.each([
    ['no project', undefined],
    ['a project that cannot be read', '{"name": '],
    [
      'a name with a line break and one that moves the cursor',
      '{"name": "a", "origins": {"b\\nc": {}, "d\\u001b[2J": {}}}',
    ],
  ])('%s is no reason to say anything', async (_, manifest) => {
    const folder = temporaryFolder();
    if (manifest !== undefined) writeFileSync(join(folder, 'connector.json'), manifest);
    for (const shell of ['bash', 'zsh', 'fish', 'powershell']) {
      for (const words of [['push', '--origin'], ['validate'], ['rollback'], ['connections', 'show'], ['nothing']]) {
        const { values } = await answered(words, '', folder, shell);
        expect(values.filter((value) => value !== 'harness')).toEqual([]);
      }
    }
  });

  test('bash replaces only what stands behind a character that ends words', async () => {
    const bash = async (current: string) => (await answered(['push', '--origin'], current, root, 'bash')).values;
    expect(await bash('c:')).toEqual(['d@e=f']);
    expect(await bash('"c:')).toEqual(['c:d@e=f']);
    expect(await bash('c')).toEqual(['c:d@e=f']);
    expect(await bash("'e")).toEqual([`e'\\''f"g`]);
    expect(await bash('"e')).toEqual([`e'f\\"g`]);
    expect(await bash('"a b\\$')).toEqual(['a b\\$(touch pwned)']);
    expect(await bash('$(touch')).toEqual([]);
    const other = ['completion', 'bash', '--current=connector push --origin c:', '--breaks= \t\n'];
    expect((await run(other, { cwd: root })).stdout).toBe('words\nc:d@e=f\n');
  });
});

describe('the scripts', () => {
  const script = async (shell: string) => (await run(['completion', shell], { cwd: temporaryFolder() })).stdout;

  test.each(['bash', 'zsh', 'fish', 'powershell'])(
    'that of %s evaluates nothing, and says how it is installed',
    async (shell) => {
      const text = await script(shell);
      const comments = text.split('\n').filter((line) => line.startsWith('#'));
      const code = text.split('\n').filter((line) => !line.trim().startsWith('#'));
      expect(code.join('\n')).not.toMatch(/\beval\b|Invoke-Expression|\biex\b|\bsource\b/i);
      expect(comments.join('\n')).toContain(`connector completion ${shell}`);
      const help = await run(['completion', '--help'], { cwd: temporaryFolder() });
      expect(help.stdout).toContain(`connector completion ${shell}`);
    },
  );

  test('that of PowerShell, which no test runs, has the shape that PowerShell documents', async () => {
    const text = await script('powershell');
    expect(text).toContain('Register-ArgumentCompleter -Native -CommandName connector -ScriptBlock {');
    expect(text).toContain('param($wordToComplete, $commandAst, $cursorPosition)');
    expect(text).toContain('[System.Management.Automation.CompletionResult]::new($text, $value,');
    expect(text).toContain('EscapeSingleQuotedStringContent($value)');
    for (const [open, close] of ['{}', '()', '[]']) {
      expect(text.split(open as string).length).toBe(text.split(close as string).length);
    }
  });

  test('an unknown shell is refused, and no shell is none', async () => {
    const refused = await run(['completion', 'tcsh'], { cwd: temporaryFolder() });
    expect([refused.code, refused.stderr.includes('Shells are bash, zsh, fish, powershell.')]).toEqual([2, true]);
    expect((await run(['completion'], { cwd: temporaryFolder() })).code).toBe(2);
  });

  const zsh = has('zsh') ? '' : ' (needs zsh)';
  test.skipIf(zsh !== '')(`that of zsh can lie in a folder of $fpath${zsh}`, async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, '_connector'), await script('zsh'));
    const line = `fpath=(${folder} $fpath); autoload -Uz compinit; compinit -u -D; print -r -- $_comps[connector]`;
    const { stdout } = spawnSync('zsh', ['-f', '-c', line], { encoding: 'utf8', env: environmentOf() });
    expect(stdout).toBe('_connector\n');
  });
});
