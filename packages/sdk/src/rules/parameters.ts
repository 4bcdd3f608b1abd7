import type { Path } from '../diagnostics.ts';
import { isObject } from '../json.ts';
import type { SectionName } from '../sections/index.ts';
import type { Declared, Finding, Rule } from './rule.ts';

const FORMS = ['parameters', 'installSpec'] as const satisfies readonly SectionName[];

/** The lists of fields in a form: itself, and those inside fields and options, each with a naming of its own. */
function* listsIn(value: unknown, path: Path): Generator<{ path: Path; fields: readonly unknown[] }> {
  if (!Array.isArray(value)) return;
  yield { path, fields: value };
  for (const [index, field] of value.entries()) yield* listsOfField(field, [...path, index]);
}

function* listsOfField(field: unknown, path: Path): Generator<{ path: Path; fields: readonly unknown[] }> {
  if (!isObject(field)) return;
  if (isObject(field.spec)) yield* listsOfField(field.spec, [...path, 'spec']);
  else yield* listsIn(field.spec, [...path, 'spec']);
  yield* listsOfNested(field.nested, [...path, 'nested']);
  const store = isObject(field.options) ? field.options.store : field.options;
  const options = [...path, 'options', ...(isObject(field.options) ? ['store'] : [])];
  if (isObject(field.options)) yield* listsOfNested(field.options.nested, [...path, 'options', 'nested']);
  yield* listsOfOptions(store, options);
}

function* listsOfNested(nested: unknown, path: Path): Generator<{ path: Path; fields: readonly unknown[] }> {
  if (isObject(nested)) yield* listsIn(nested.store, [...path, 'store']);
  else yield* listsIn(nested, path);
}

function* listsOfOptions(options: unknown, path: Path): Generator<{ path: Path; fields: readonly unknown[] }> {
  if (!Array.isArray(options)) return;
  for (const [index, option] of options.entries()) {
    if (!isObject(option)) continue;
    yield* listsOfNested(option.nested, [...path, index, 'nested']);
    yield* listsOfOptions(option.options, [...path, index, 'options']);
  }
}

function* checkDuplicates({ sections }: Declared): Generator<Finding> {
  for (const section of FORMS) {
    for (const { path, fields } of listsIn(sections[section], [])) {
      const first = new Map<string, number>();
      for (const [index, field] of fields.entries()) {
        if (!isObject(field) || typeof field.name !== 'string') continue;
        const before = first.get(field.name);
        if (before === undefined) {
          first.set(field.name, index);
          continue;
        }
        const found = JSON.stringify(field.name);
        yield {
          section,
          path: [...path, index, 'name'],
          message: `The name ${found} is given to two parameters of the same form.`,
          hint: 'Rename one of them: only one of the two values can be kept.',
          found,
          related: { message: 'First given here.', section, path: [...path, before, 'name'] },
        };
      }
    }
  }
}

export const PARAMETER_RULES = [
  {
    code: 'parameter/duplicate-name',
    severity: 'error',
    title: 'two parameters of the same name',
    why: 'The values of a form are kept by name, so one of the two is lost.',
    mend: 'Give every parameter of a form a name of its own.',
    check: checkDuplicates,
    bad: {
      type: 'basic',
      sections: {
        parameters: [
          { name: 'login', type: 'text', label: 'User name' },
          { name: 'login', type: 'password', label: 'Password' },
        ],
      },
    },
    good: {
      type: 'basic',
      sections: {
        parameters: [
          { name: 'username', type: 'text', label: 'User name' },
          { name: 'password', type: 'password', label: 'Password' },
        ],
      },
    },
  },
] as const satisfies readonly Rule[];
