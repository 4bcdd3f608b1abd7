import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseArguments } from '../src/arguments.ts';
import { EXIT_CODES } from '../src/command.ts';
import { COMMANDS } from '../src/commands/index.ts';
import { run, temporaryFolder } from './connector.ts';

const cwd = temporaryFolder();

describe('help', () => {
  test('lists every command on stdout', async () => {
    const { code, stdout, stderr } = await run(['--help'], { cwd });
    expect(code).toBe(0);
    expect(stderr).toBe('');
    for (const { name } of COMMANDS) expect(stdout).toContain(`connector ${name}`);
  });

  test.each(COMMANDS.map(({ name }) => name))('%s: --help and help say the same, with every option', async (name) => {
    const [option, command] = await Promise.all([run([name, '--help'], { cwd }), run(['help', name], { cwd })]);
    expect(option.code).toBe(0);
    expect(command.stdout).toBe(option.stdout);
    const { options } = COMMANDS.find((each) => each.name === name) ?? { options: {} };
    for (const each of Object.keys(options)) expect(option.stdout).toContain(`--${each} `);
  });

  test('exit codes are printed from their table', async () => {
    const { stdout } = await run(['help', 'exit-codes'], { cwd });
    for (const { code, meaning } of Object.values(EXIT_CODES)) expect(stdout).toContain(`${code}  ${meaning}`);
  });

  test('without a command, help goes to stderr and the exit code is no success', async () => {
    const { code, stdout, stderr } = await run([], { cwd });
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain('Commands:');
  });
});

/** As a shell splits a line whose only quotes are single ones. */
function wordsOf(line: string): string[] {
  return [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
}

describe('what every command line has', () => {
  const examples = COMMANDS.flatMap((command) => command.examples.map(([line]) => ({ line, name: command.name })));
  test.each(examples)('$line parses', ({ line, name }) => {
    const [program, ...argv] = wordsOf(line);
    const { command, problems } = parseArguments(argv, 'connector');
    expect(program).toBe('connector');
    expect(problems).toEqual([]);
    expect(command?.name).toBe(name);
  });

  test('an option has one type in all commands, since all are read together', () => {
    const types = new Map<string, string>();
    for (const { options } of COMMANDS) {
      for (const [name, { type }] of Object.entries(options)) {
        const read = type === 'boolean' ? 'boolean' : 'string';
        expect(types.get(name) ?? read, name).toBe(read);
        types.set(name, read);
      }
    }
  });

  test('the version is that of the package', async () => {
    const { code, stdout } = await run(['--version'], { cwd });
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
    expect((await run(['create', '--version'], { cwd })).stdout).toBe(stdout);
  });
});

describe('a command line that is wrong', () => {
  const cases = [
    { argv: ['valdate'], says: ['"valdate" is not a command', 'Did you mean connector validate?'] },
    { argv: ['init'], says: ['"init" is not a command', 'Did you mean connector create?'] },
    { argv: ['lint'], says: ['Did you mean connector validate?'] },
    { argv: ['-h'], says: ['-h is not an option.', 'Did you mean --help?'] },
    { argv: ['types', '-v'], says: ['-v is not an option of connector types', 'Did you mean --version?'] },
    { argv: ['types', '--chek'], says: ['--chek is not an option of connector types', 'Did you mean --check?'] },
    { argv: ['types', 'main'], says: ['"main" is one argument too many for connector types'] },
    { argv: ['create', 'a-b', '--template'], says: ['--template needs a value'] },
    { argv: ['create', 'a-b', '--template', 'oauth3'], says: ['no template "oauth3"', 'Did you mean oauth2?'] },
    { argv: ['create', 'A b', '--template', 'oauth2'], says: ['"A b" cannot be the name of a connector'] },
    { argv: ['create', 'con', '--template', 'oauth2'], says: ['on Windows'] },
    { argv: ['harness', '--port', 'many'], says: ['--port takes a whole number from 0 to 65535, not "many"'] },
    { argv: ['harness', '--port', '65536'], says: ['--port takes a whole number from 0 to 65535, not "65536"'] },
    { argv: ['harness', '--tls-port=-1'], says: ['--tls-port takes a whole number'] },
    { argv: ['dev', '--port', '1.5'], says: ['--port takes a whole number'] },
    { argv: ['connect', '--port', '99999'], says: ['--port takes a whole number'] },
    { argv: ['connect', '--timeout', '9999999'], says: ['--timeout takes a number from 0 to 86400, not "9999999"'] },
    { argv: ['connect', '--timeout=-5'], says: ['--timeout takes a number from 0 to 86400'] },
    { argv: ['access', 'list', '--timeout', '1e9'], says: ['--timeout takes a number from 0 to 86400'] },
    { argv: ['validate', '--max-warnings', '1.5'], says: ['--max-warnings takes a whole number'] },
    { argv: ['help', 'exitcodes'], says: ['Did you mean exit-codes?'] },
    { argv: ['explain', 'source/sintax'], says: ['Did you mean source/syntax?'] },
    { argv: ['validate'], says: ['There is no connector.json or makecomapp.json in this folder or above it'] },
  ];
  test.each(cases)('$argv', async ({ argv, says }) => {
    const { code, stdout, stderr } = await run(argv, { cwd });
    expect(code).toBe(2);
    expect(stdout).toBe('');
    for (const words of says) expect(stderr).toContain(words);
  });

  test('all problems are reported at once', async () => {
    const { stdout } = await run(['types', 'a', '--chek', '--json'], { cwd });
    expect(JSON.parse(stdout).diagnostics).toHaveLength(2);
  });

  test('what a hint proposes for the schema of a section runs', async () => {
    for (const argv of [['schema'], ['schema', 'api']]) {
      const { stderr } = await run(argv, { cwd });
      const [, line = ''] = /For example: connector (.+)/.exec(stderr) ?? [];
      const [, type = ''] = /such as (--type \w+)/.exec(stderr) ?? [];
      const proposed = line === '' ? [...argv, ...type.split(' ')] : line.split(' ');
      expect((await run(proposed, { cwd })).code, proposed.join(' ')).toBe(0);
    }
  });

  test('what is missing is named at once, with a command that works', async () => {
    const { code, stdout } = await run(['create', '--json'], { cwd });
    const { diagnostics } = JSON.parse(stdout);
    expect(code).toBe(2);
    expect(diagnostics).toEqual([
      {
        code: 'usage/missing',
        severity: 'error',
        message: 'connector create needs <name> and --template.',
        hint: 'For example: connector create my-connector --template api-key',
      },
    ]);
    const line = diagnostics[0].hint.replace('For example: connector ', '').split(' ');
    expect((await run(line, { cwd: temporaryFolder() })).code).toBe(0);
  });

  test('what was given stays in the command that is proposed', async () => {
    const { stderr } = await run(['create', '--example', 'github-oauth', '--folder', 'a b'], { cwd });
    expect(stderr).toContain('connector create my-connector --example github-oauth --folder "a b"');
  });
});

describe('the output', () => {
  const lines = [['--help'], ['valdate'], ['explain'], ['explain', 'source/syntax'], ['help', 'environment'], []];
  test.each(lines.map((argv) => ({ argv })))('$argv is clean bytes in a pipe', async ({ argv }) => {
    const { stdout, stderr } = await run(argv, { cwd });
    expect(stdout + stderr).not.toContain('\u001b');
  });

  test('FORCE_COLOR colours, NO_COLOR and --no-color do not', async () => {
    const colored = (argv: string[], env: Record<string, string>) =>
      run(argv, { cwd, env }).then(({ stderr }) => stderr.includes('\u001b['));
    expect(await colored(['valdate'], { FORCE_COLOR: '1' })).toBe(true);
    expect(await colored(['valdate', '--color'], {})).toBe(true);
    expect(await colored(['valdate'], { NO_COLOR: '1' })).toBe(false);
    expect(await colored(['valdate', '--no-color'], { FORCE_COLOR: '1' })).toBe(false);
  });

  test('what a terminal would obey is shown, not sent', async () => {
    const { stderr } = await run(['\u001b[31mred\u0007\u009b1m'], { cwd });
    expect(stderr).not.toMatch(/[^\P{Cc}\n]/u);
    expect(stderr).toContain('red');
  });

  test('--json prints one envelope, also for what is wrong with the command line', async () => {
    for (const argv of [
      ['--json'],
      ['valdate', '--json'],
      ['--json', 'explain'],
      ['help', '--json'],
      ['create', '--json'],
    ]) {
      const { code, stdout, stderr } = await run(argv, { cwd });
      const envelope = JSON.parse(stdout);
      expect(Object.keys(envelope)).toEqual(['version', 'ok', 'code', 'data', 'diagnostics', 'next']);
      expect(envelope).toMatchObject({ version: 1, ok: code === 0, code });
      expect(stderr).toBe('');
    }
  });

  test('--quiet leaves results and errors', async () => {
    const folder = temporaryFolder();
    expect(await run(['create', 'my-app', '--template', 'api-key', '--quiet'], { cwd: folder })).toEqual({
      code: 0,
      stdout: '',
      stderr: '',
    });
    expect((await run(['valdate', '--quiet'], { cwd })).stderr).toContain('not a command');
  });
});

test('what comes next is typed as it was started: with npx where npm did', async () => {
  const parent = temporaryFolder();
  await run(['create', 'mine', '--template', 'api-key'], { cwd: parent });
  const project = { cwd: join(parent, 'mine') };
  const npm = { ...project, env: { npm_command: 'exec' } };
  const add = (id: string, options: typeof project) => run(['add', id, '--template', 'basic'], options);
  expect((await add('one', project)).stderr).toContain('\n  connector validate one\n');
  expect((await add('two', npm)).stderr).toContain('\n  npx connector validate two\n');
  expect((await run(['push'], npm)).stderr).toContain('`npx connector harness`');
  expect(JSON.parse((await run(['add', 'three', '--template', 'basic', '--json'], npm)).stdout).next).toContain(
    'connector validate three',
  );
});
