import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { run, temporaryFolder } from './connector.ts';

const SECRET = 'hunter2-0123456789';
const FILE = 'main/values.json';
const API = {
  token: {
    url: 'https://auth.acme.io/token',
    method: 'POST',
    type: 'urlencoded',
    condition: '{{!data.accessToken}}',
    body: {
      grant_type: 'client_credentials',
      client_id: '{{common.clientId}}',
      client_secret: '{{common.clientSecret}}',
    },
    response: { data: { accessToken: '{{body.access_token}}' } },
  },
};

/** A project in Make's layout whose shared values lie in a file of this text. */
function project(values: string): string {
  const cwd = temporaryFolder();
  const codeFiles = { communication: 'main/api.json', common: FILE };
  const files = {
    'makecomapp.json': JSON.stringify({
      fileVersion: 1,
      components: { connection: { main: { label: 'Main', connectionType: 'oauth', codeFiles } } },
      origins: [],
    }),
    [codeFiles.communication]: JSON.stringify(API, undefined, 2),
    [FILE]: values,
  };
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(cwd, file)), { recursive: true });
    writeFileSync(join(cwd, file), text);
  }
  return cwd;
}

const VALUES = `{\n  "clientId": "an-id",\n  "clientSecret": "${SECRET}"\n}\n`;

test('a secret among shared values is told until git leaves their file out', async () => {
  const cwd = project(VALUES);
  const reported = async () => {
    const { stdout } = await run(['validate', '--json'], { cwd });
    expect(stdout).not.toContain(SECRET);
    const { diagnostics } = JSON.parse(stdout) as { diagnostics: { code: string; file: string; line: number }[] };
    return diagnostics.filter(({ code }) => code === 'common/secret-value').map(({ file, line }) => `${file}:${line}`);
  };
  const git = (...args: string[]) => execFileSync('git', args, { cwd, stdio: 'ignore' });
  expect(await reported()).toEqual([`${FILE}:3`]);
  git('init');
  expect(await reported()).toEqual([`${FILE}:3`]);
  writeFileSync(join(cwd, '.gitignore'), 'values.json\n');
  expect(await reported()).toEqual([]);
  git('add', '--force', FILE);
  expect(await reported()).toEqual([`${FILE}:3`]);
});

test('their keys are known to types, to platforms and to --fix, and no command shows a value', async () => {
  const cwd = project(VALUES);
  const output: string[] = [];
  const connector = async (...args: string[]) => {
    const ran = await run(args, { cwd });
    output.push(ran.stdout, ran.stderr);
    return ran.stdout;
  };
  await connector('types');
  const types = readFileSync(join(cwd, 'connector.d.ts'), 'utf8');
  expect(types).toContain('clientId: string;\n  clientSecret: string;\n}');
  expect(await connector('platforms')).toContain('grants clientId and clientSecret');
  await connector('validate', '--fix');
  const { token } = JSON.parse(readFileSync(join(cwd, 'main', 'api.json'), 'utf8'));
  expect(token.log.sanitize).toEqual([
    'request.body.client_secret',
    'response.body.access_token',
    'response.body.refresh_token',
    'response.body.id_token',
  ]);
  expect(output.join('')).toContain('common/secret-value');
  for (const text of [...output, types]) expect(text).not.toMatch(/hunter2|an-id/);
});

test.each([
  ['a value without quotes', `{ "clientSecret": ${SECRET} }`],
  ['a string that is not closed', `{ "clientSecret": "${SECRET} }`],
  ['values that are a list', `["${SECRET}"]`],
  ['a comma too many', `{ "clientSecret": "${SECRET}", }`],
])('nothing of a file of shared values is shown that holds %s', async (_, values) => {
  const cwd = project(values);
  for (const format of [[], ['--json'], ['--format', 'sarif'], ['--format', 'concise']]) {
    const { code, stdout, stderr } = await run(['validate', ...format], { cwd });
    expect(code).toBe(1);
    expect(stdout + stderr).toContain('values.json');
    expect(stdout + stderr).not.toContain('hunter2');
  }
});
