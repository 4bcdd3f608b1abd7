import { CREATE_TYPES, type CreateType, type JSONSchema, SECTIONS, type Section } from '@connectorkit/sdk';
import { code, fenced, json, type Page, prose, sentence, table } from './markdown.ts';

type Schema = Exclude<JSONSchema, boolean>;

/** The sections of a connection, and its types. */
export function sectionsPage(): Page {
  return {
    title: 'Sections',
    blocks: [
      'A connection consists of sections. Each is a file in `connections/<id>/`. `connector schema <section>` prints its JSON Schema, by which editors complete and check it.',
      table(
        ['section', 'file', 'what it is', 'comments'],
        SECTIONS.map(({ name, files, summary, comments }) => [
          `[${code(name)}](#${name.toLowerCase()})`,
          code(files[0]),
          prose(summary),
          comments ? 'yes' : 'no',
        ]),
      ),
      '## Types of connections',
      'The `type` in `connection.json` is the one with which Make creates the connection. It decides which steps the section `api` has. Make stores only the second column.',
      table(
        ['type', 'stored as', 'users connect with', 'schema of `api`'],
        (Object.entries(CREATE_TYPES) as [CreateType, (typeof CREATE_TYPES)[CreateType]][]).map(([type, entry]) => [
          code(type),
          code(entry.stored),
          entry.title,
          code(SECTIONS[0]?.schemaFor(type) ?? ''),
        ]),
      ),
      ...SECTIONS.flatMap(sectionBlocks),
    ],
  };
}

function sectionBlocks(section: Section): string[] {
  const { name, title, summary, files, comments, wire, asks, required, empty, schemas } = section;
  const others = files.slice(1).map(code).join(', ');
  return [
    `## ${code(name)}`,
    `${sentence(summary)} Make's editor calls it ${title}.`,
    table(
      ['property', 'value'],
      [
        ['file', `${code(files[0])}${others === '' ? '' : `; ${others} is read too`}`],
        ['required', required === true ? 'yes: a connection does nothing without it' : 'no'],
        ['comments', comments ? 'allowed' : 'not allowed'],
        ['pushed as', wire === 'text' ? 'text, byte for byte' : 'JSON, which the platform writes anew'],
        ['form for', asks === undefined ? '' : `the ${asks}`],
        ['empty', code(empty)],
      ].filter(([, value]) => value !== ''),
    ),
    ...schemasOf(schemas),
    exampleOf(section),
  ];
}

/** The schemas of a section; a table that stood in one before is not repeated. */
function schemasOf(schemas: Section['schemas']): string[] {
  const seen = new Map<string, string>();
  return Object.entries(schemas).flatMap(([name, schema]) => {
    if (typeof schema === 'boolean') return [];
    if (name.endsWith('-schema')) return [`### ${code(name)}`, AS_SCHEMA];
    const definitions = Object.entries((schema.$defs ?? {}) as Record<string, Schema>);
    const parts = [
      [`### ${code(name)}`, schema] as const,
      ...definitions.map(([part, each]) => [`#### ${part} of ${code(name)}`, each] as const),
    ];
    if (parts.every(([, each]) => propertiesOf(each) === '')) return [];
    return parts.flatMap(([heading, each]) => {
      const { description } = each;
      const properties = propertiesOf(each);
      if (properties === '' && each !== schema) return [];
      const before = seen.get(properties);
      if (before !== undefined && properties !== '') return [heading, `The same as for ${code(before)}.`];
      seen.set(properties, name);
      return [heading, typeof description === 'string' ? sentence(description) : '', properties];
    });
  });
}

const AS_SCHEMA =
  'The form as a JSON Schema of its values, draft 2020-12. `connector convert --to schema` writes it, and `--to array` turns it back into the form of Make. A push sends the form of Make.';

/** The properties that an object of a schema may have; those that must not be there are left out. */
function propertiesOf({ properties, required }: Schema): string {
  const entries = Object.entries((properties ?? {}) as Record<string, JSONSchema>).filter(([, each]) =>
    isAllowed(each),
  );
  const needed = new Set((required ?? []) as string[]);
  return table(
    ['property', 'type', 'meaning'],
    entries.map(([name, each]) => [
      `${code(name)}${needed.has(name) ? ' (required)' : ''}`,
      typeOf(each),
      typeof each === 'object' && typeof each.description === 'string' ? prose(each.description) : '',
    ]),
  );
}

function isAllowed(schema: JSONSchema): boolean {
  return (
    schema !== false &&
    !(typeof schema === 'object' && schema.not !== undefined && Object.keys(schema.not as object).length === 0)
  );
}

function typeOf(schema: JSONSchema): string {
  if (typeof schema === 'boolean') return 'anything';
  const {
    type,
    enum: values,
    const: value,
    $ref,
    items,
    anyOf,
    oneOf,
    if: when,
    then,
    else: otherwise,
  } = schema as Record<string, unknown>;
  // A text with an expression is allowed, and all else has the type of the other branch.
  if (when !== undefined && otherwise !== undefined && type === undefined)
    return `${typeOf(otherwise as JSONSchema)}, or an expression`;
  if (type === 'string' && (then as Record<string, unknown> | undefined)?.enum !== undefined)
    return typeOf(then as JSONSchema);
  if (Array.isArray(values)) return values.map((each) => code(String(each))).join(', ');
  if (value !== undefined) return code(JSON.stringify(value));
  if (type === 'array' && items !== undefined) return `array of ${typeOf(items as JSONSchema)}`;
  if (type !== undefined) return [type].flat().join(' or ');
  if (typeof $ref === 'string') return $ref.split('/').at(-1) ?? '';
  const choices = (anyOf ?? oneOf) as JSONSchema[] | undefined;
  return choices === undefined ? 'anything' : [...new Set(choices.map(typeOf))].join(' or ');
}

/** An example of the section; the last one says the most. */
function exampleOf({ name, examples, comments }: Section): string {
  const longest = [...examples()].sort((a, b) => json(b.value).length - json(a.value).length)[0];
  if (longest === undefined) return '';
  return `An example${name === 'api' ? ` of the type ${code(longest.type)}` : ''}:\n\n${fenced(comments ? 'jsonc' : 'json', json(longest.value))}`;
}
