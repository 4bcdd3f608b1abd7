import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { checkValues, declarations, openProject } from '../../src/index.ts';
import { isObject } from '../../src/json.ts';
import { memoryFiles } from '../../src/project/files.ts';
import { formSchema, PARAMETER_TYPES } from '../../src/sections/form.ts';
import { COMPILERS, complaints, projectIn, SHIPPED } from './compiling.ts';
import { FIXTURES } from './forms.ts';

const IDS = Object.keys(FIXTURES);

const project = openProject(
  memoryFiles({
    'connector.json': '{"name": "fixtures"}',
    ...Object.fromEntries(
      IDS.flatMap((id) => [
        [`connections/${id}/connection.json`, '{"type": "other"}'],
        [`connections/${id}/parameters.json`, JSON.stringify(FIXTURES[id]?.form)],
      ]),
    ),
  }),
);

/** Lines that assign values: those that are to be refused say so to the compiler, which complains when they are not. */
function assignments(): string {
  const lines = IDS.flatMap((id) => {
    const type = `Connections[${JSON.stringify(id)}]['parameters']`;
    const assign = (value: object) => `take<${type}>(${JSON.stringify(value)});`;
    const { takes = [], refuses = [] } = FIXTURES[id] ?? {};
    return [...takes.map(assign), ...refuses.map((value) => `// @ts-expect-error\n${assign(value)}`)];
  });
  return `import type { Connections } from './connector.js';\ndeclare function take<T>(value: T): void;\n${lines.join('\n')}\n`;
}

test.each(COMPILERS)(
  'under %s, forms take what they ask for and nothing else',
  async (compiler) => {
    const { text } = await declarations(project);
    expect(complaints(compiler, { 'connector.d.ts': text, 'use.ts': assignments() })).toBe('');
  },
  120_000,
);

test.each(IDS)('%s: checkValues says the same', (id) => {
  const { form, takes = [], refuses = [] } = FIXTURES[id] ?? {};
  for (const value of takes) expect(checkValues(form, value)).toEqual({ problems: [], values: value });
  for (const value of refuses) {
    const { problems, values } = checkValues(form, value);
    const completed = JSON.stringify(values) !== JSON.stringify(value);
    // A name that is not asked for is a mistake in code, and left alone in what users send.
    if (!completed && !hasSurplus(form, value)) expect(problems, JSON.stringify(value)).not.toEqual([]);
  }
});

/** Checks if a value in there is not asked for: whatever it is, there is no problem with it. */
function hasSurplus(form: unknown, value: object): boolean {
  const { problems } = checkValues(form, value);
  return variants(value).some((each) => checkValues(form, each).problems.length <= problems.length);
}

/** The value with one of its parts, at any depth, replaced by what no field takes. */
function variants(value: object): object[] {
  return Object.entries(value).flatMap(([name, inner]) => {
    const put = (other: unknown) =>
      Array.isArray(value) ? value.with(Number(name), other) : { ...value, [name]: other };
    const deeper = typeof inner === 'object' && inner !== null ? variants(inner) : [];
    return [put(Symbol('wrong')), ...deeper.map(put)];
  });
}

describe('the fixtures', () => {
  const { $defs } = formSchema('', '') as unknown as {
    $defs: Record<'field' | 'option', { properties: Record<string, { properties: object }> }>;
  };

  /** Every object in a form that is of a kind, from the keys that only that kind is found under. */
  function keysIn(value: unknown, found: Set<string>): Set<string> {
    if (Array.isArray(value)) for (const each of value) keysIn(each, found);
    else if (isObject(value)) {
      for (const [key, each] of Object.entries(value)) {
        found.add(key);
        keysIn(each, found);
      }
    }
    return found;
  }

  test('are sixty at least', () => {
    expect(IDS.length).toBeGreaterThanOrEqual(60);
  });

  test('use every type of parameter', () => {
    const text = JSON.stringify(FIXTURES);
    expect(PARAMETER_TYPES.filter((type) => !text.includes(`"type":"${type}"`))).toEqual([]);
  });

  test('use every key of a parameter, of options and of limits', () => {
    const used = keysIn(
      Object.values(FIXTURES).map(({ form }) => form),
      new Set(),
    );
    const known = [
      ...Object.keys($defs.field.properties),
      ...Object.keys($defs.option.properties),
      ...Object.keys($defs.field.properties.options?.properties ?? {}),
      ...Object.keys($defs.field.properties.validate?.properties ?? {}),
    ];
    expect(known.length).toBeGreaterThan(60);
    expect(known.filter((key) => !used.has(key))).toEqual([]);
  });
});

describe.each(SHIPPED)('%s', (folder) => {
  test.each(COMPILERS)(
    'has declarations that hold under %s',
    async (compiler) => {
      const opened = projectIn(folder);
      const { text } = await declarations(opened);
      const [{ id = '', sections } = {}] = opened.connections;
      // Where users are asked for nothing, there is no type of it.
      const form =
        sections?.parameters === undefined
          ? "// @ts-expect-error\n      export type Parameters = Connection['parameters'];"
          : `export const parameters = (given: Connection['parameters']): object => given;
      // @ts-expect-error
      export const unknown: Connection['parameters'] = { nobodyAsksForThis: 1 };`;
      const use = `
      import type { ConnectionId, Connections } from './connector.js';
      export const id: ConnectionId = ${JSON.stringify(id)};
      type Connection = Connections[${JSON.stringify(id)}];
      ${form}
      // @ts-expect-error
      export const none: Connections['none'] = {};
    `;
      expect(complaints(compiler, { 'connector.d.ts': text, 'use.ts': use })).toBe('');
    },
    60_000,
  );
});

test.each(COMPILERS)(
  'under %s, the example of the documentation holds',
  async (compiler) => {
    const page = readFileSync(join(import.meta.dirname, '../../../../docs/reference/declarations.md'), 'utf8');
    const [, example = ''] = /```ts\n([\s\S]*?)```/.exec(page) ?? [];
    const { text } = await declarations(projectIn('examples/github-oauth'));
    const dist = join(import.meta.dirname, '../../dist').replaceAll('\\', '/');
    const use = example.replaceAll(/'@connectorkit\/sdk(\/\w+)?'/g, (_, entry = '') => `'${dist}${entry}/index.js'`);
    expect(use.split(dist)).toHaveLength(3);
    expect(complaints(compiler, { 'connector.d.ts': text, 'use.ts': use })).toBe('');
  },
  60_000,
);
