import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { run, temporaryFolder } from './connector.ts';

const here = { cwd: temporaryFolder() };

describe('connector iml', () => {
  test('prints the value alone on stdout, and the type on stderr', async () => {
    expect(await run(['iml', '{{0.1 + 0.2}}'], here)).toEqual({ code: 0, stdout: '0.3\n', stderr: 'Type: number.\n' });
  });

  test('takes variables from a file', async () => {
    writeFileSync(join(here.cwd, 'data.json'), '{ "connection": { "token": "t" } } // with a comment');
    const { stdout } = await run(['iml', 'Bearer {{connection.token}}', '--data', 'data.json'], here);
    expect(stdout).toBe('Bearer t\n');
  });

  test('takes variables from stdin', async () => {
    const { stdout } = await run(['iml', '{{a[2]}}', '--data', '-'], { ...here, input: '{"a": [1, {"b": 2}]}' });
    expect(JSON.parse(stdout)).toEqual({ b: 2 });
  });

  test('tells programs the value and the types', async () => {
    const { code, stdout } = await run(['iml', '{{ifempty(a, 5)}}', '--json'], here);
    expect(code).toBe(0);
    expect(JSON.parse(stdout).data).toEqual({ template: '{{ifempty(a, 5)}}', type: 'any', kind: 'number', value: 5 });
  });

  test('marks what is wrong, and ends with 1', async () => {
    const { code, stdout, stderr } = await run(['iml', '{{a and b}}'], here);
    expect(code).toBe(1);
    expect(stdout).toContain('iml/foreign-syntax');
    expect(stderr).toMatch(/\{\{a and b\}\}\n\s+\^\^\^\n/);
  });

  test('an expression without a value is an error with its place', async () => {
    const { code, stdout } = await run(['iml', 'x {{nobody(1)}}', '--json'], here);
    expect(code).toBe(1);
    expect(JSON.parse(stdout).diagnostics).toMatchObject([
      { code: 'iml/evaluation', line: 1, column: 5, endColumn: 11 },
    ]);
  });

  test('checks what exists at a place', async () => {
    const at = (place: string) => run(['iml', '{{body.id}}', '--at', place, '--json'], here);
    expect(JSON.parse((await at('api.token.body')).stdout).diagnostics).toMatchObject([
      { code: 'iml/unavailable-variable' },
    ]);
    expect(JSON.parse((await at('api.token.response.data')).stdout).diagnostics).toEqual([]);
  });

  test.each([
    [['iml'], 'usage/missing'],
    [['iml', '{{a}}', '--at', 'body'], 'iml/place'],
    [['iml', '{{a}}', '--data', 'none.json'], 'iml/data'],
  ])('%j is a wrong call', async (args, problem) => {
    const { code, stderr } = await run(args, here);
    expect(code).toBe(2);
    expect(stderr).toContain(problem);
  });

  test('variables that are no JSON are refused at their place, and comments among them are not', async () => {
    const refused = await run(['iml', '{{a}}', '--data', '-', '--json'], { ...here, input: '{"a": }' });
    expect(refused.code).toBe(2);
    expect(JSON.parse(refused.stdout).diagnostics).toMatchObject([{ code: 'source/syntax', file: 'stdin', line: 1 }]);
    const read = await run(['iml', '{{a}}', '--data', '-'], { ...here, input: '{"a": 1} // one' });
    expect([read.code, read.stdout.trim()]).toEqual([0, '1']);
  });

  test.each(['[1]', '5', 'null'])('variables that are %s are refused', async (input) => {
    const { code, stderr } = await run(['iml', '{{a}}', '--data', '-'], { ...here, input });
    expect(code).toBe(2);
    expect(stderr).toContain('is not a JSON object');
  });
});
