import { describe, expect, test } from 'vitest';
import { memoryFiles } from './project/files.ts';
import { openProject } from './project/index.ts';
import { validate } from './validate.ts';

function findings(api: string, manifest: object = {}) {
  const files = memoryFiles({
    'connector.json': JSON.stringify({ name: 'acme', ...manifest }),
    'connections/main/connection.json': '{ "type": "other" }',
    'connections/main/api.jsonc': api,
  });
  return validate(openProject(files)).map(({ severity, code, line }) => `${line ?? '-'} ${severity} ${code}`);
}

const plain = `{
  "url": "http://api.acme.test/me",
  "log": { "sanitize": [] }
}`;

describe('a comment with a code and a reason', () => {
  test('allows the problem on the next line, or on its own', () => {
    expect(findings(plain)).toContain('2 warning request/plain-http');
    const before = plain.replace('"url"', '// connector-ignore request/plain-http: only inside the plant\n  "url"');
    expect(findings(before)).not.toContain('3 warning request/plain-http');
    expect(findings(before).join()).not.toContain('suppression');
    const behind = plain.replace('/me",', '/me", // connector-ignore request/plain-http: only inside the plant');
    expect(findings(behind).join()).not.toMatch(/plain-http|suppression/);
    const block = plain.replace(
      '"url"',
      '/* connector-ignore request/plain-http: because */\n\n  // and more\n  "url"',
    );
    expect(findings(block).join()).not.toMatch(/plain-http|suppression/);
  });

  test('without a reason, or with a code that there is not, allows nothing and is reported', () => {
    const silent = plain.replace('"url"', '// connector-ignore request/plain-http\n  "url"');
    expect(findings(silent)).toEqual(
      expect.arrayContaining(['2 warning suppression/malformed', '3 warning request/plain-http']),
    );
    const misspelt = plain.replace('"url"', '// connector-ignore request/plain-htp: because\n  "url"');
    expect(findings(misspelt)).toContain('2 warning suppression/malformed');
  });

  test('that allows what is not there is reported', () => {
    const secure = plain
      .replace('http:', 'https:')
      .replace('"url"', '// connector-ignore request/plain-http: x\n  "url"');
    expect(findings(secure)).toContain('2 warning suppression/unused');
  });

  test('does not make a text readable that is not', () => {
    const broken = '{\n  // connector-ignore source/syntax: later\n  "url": }';
    expect(findings(broken)).toEqual(expect.arrayContaining(['3 error source/syntax']));
  });

  test('allows a name or a value that the schema does not know', () => {
    const strange = `{
  // connector-ignore schema/unknown-key: new on the platform
  "retries": 3,
  "url": "https://api.acme.test",
  "method": "QUERY", // connector-ignore schema/enum: RFC 10008
  "headers": {}
}`;
    expect(findings(strange)).toEqual([]);
    expect(findings(strange.replace('"QUERY"', '"GET"'))).toEqual(['5 warning suppression/unused']);
    expect(findings(strange.replaceAll(/\/\/ conn.*/g, ''))).toEqual([
      '3 error schema/unknown-key',
      '5 error schema/enum',
    ]);
  });

  test('for what cannot be allowed is reported as that, and is not said to be unused', () => {
    const wrong = '{\n  "url": "https://api.acme.test",\n  "gzip": "yes" // connector-ignore schema/type: later\n}';
    expect(findings(wrong)).toEqual(['3 error schema/type', '3 warning suppression/refused']);
    const missing = '// connector-ignore schema/required: later\n{ "method": "GET" }';
    expect(findings(missing)).toEqual(['1 warning suppression/refused', '2 error schema/required']);
  });

  test('inside a string is no comment', () => {
    const quoted = plain.replace('/me"', '/me?x=// connector-ignore request/plain-http: x"');
    expect(findings(quoted)).toContain('2 warning request/plain-http');
  });
});

describe('rules in connector.json', () => {
  test('have the severity that is set for what they report', () => {
    expect(findings(plain, { rules: { 'request/plain-http': 'off' } }).join()).not.toContain('plain-http');
    expect(findings(plain, { rules: { 'request/plain-http': 'error' } })).toContain('2 error request/plain-http');
  });

  test('that do not exist, or have an unknown severity, are reported at their place', () => {
    expect(findings(plain, { rules: { 'request/plain-htp': 'off' } })).toContain('1 error schema/unknown-key');
    expect(findings(plain, { rules: { 'request/plain-http': 'never' } })).toContain('1 error schema/enum');
  });

  test('do not turn errors off that no rule finds, and say so', () => {
    expect(findings('{', { rules: { 'source/syntax': 'off' } })).toEqual([
      '1 error source/syntax',
      '1 warning suppression/refused',
    ]);
    const strange = '{ "url": "https://api.acme.test", "method": "QUERY" }';
    for (const severity of ['off', 'info', 'warning']) {
      expect(findings(strange, { rules: { 'schema/enum': severity } })).toEqual([
        '1 error schema/enum',
        '1 warning suppression/refused',
      ]);
    }
    expect(findings(strange, { rules: { 'schema/enum': 'error' } })).toEqual(['1 error schema/enum']);
    expect(findings(plain, { rules: { 'project/unreadable': 'off' } })).toContain('1 warning suppression/refused');
  });

  test('may turn off what is no error', () => {
    const comma = '{ "url": "https://api.acme.test", }';
    expect(findings(comma)).toEqual(['1 warning source/trailing-comma']);
    expect(findings(comma, { rules: { 'source/trailing-comma': 'off' } })).toEqual([]);
  });
});

test('of many problems of a kind the first hundred are reported, and that there are more', () => {
  const keys = Array.from({ length: 5000 }, (_, index) => `"key${index}": 1`).join(',');
  const found = findings(`{ ${keys} }`);
  expect(found.filter((each) => each.includes('schema/unknown-key'))).toHaveLength(100);
  expect(found.filter((each) => each.includes('validate/and-more'))).toHaveLength(1);
  const urls = Array.from({ length: 150 }, () => '{ "url": "http://api.acme.test" }').join(',\n');
  const plainOnes = findings(`[${urls}]`).filter((each) => each.includes('request/plain-http'));
  expect(plainOnes).toHaveLength(100);
});
