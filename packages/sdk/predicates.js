// @ts-check
/**
 * Compiles JSON Schemas into functions that only say yes or no: most texts are right, and why one is not is worked out
 * from the schema itself. Equal subschemas are one function, which makes the code a tenth of what a schema compiler
 * writes: whatever is started has to read it first. It knows the keywords that sections use, and refuses others.
 */

/** What says nothing about a value by itself. */
const SILENT = new Set('$schema $defs title description default examples x-hint x-expected then else'.split(' '));

/** @type {Record<string, string>} Type → whether `v` is of it. */
const TYPES = {
  string: 'typeof v === "string"',
  number: 'typeof v === "number"',
  integer: 'Number.isInteger(v)',
  boolean: 'typeof v === "boolean"',
  object: 'isObject(v)',
  array: 'Array.isArray(v)',
  null: 'v === null',
};

const RUNTIME = `
const isObject = (v) => typeof v === "object" && v !== null && !Array.isArray(v);
const hasOwn = Object.prototype.hasOwnProperty;
const size = (v) => { let n = 0; for (const _ of v) n++; return n; };
const table = (entries) => Object.assign(Object.create(null), entries);
const items = (v, holds) => { for (let i = 0; i < v.length; i++) if (!holds(v[i])) return false; return true; };
const members = (v, known, patterns, other) => {
  for (const name in v) {
    const holds = known[name];
    if (holds !== undefined && !holds(v[name])) return false;
    let met = holds !== undefined;
    for (let i = 0; i < patterns.length; i += 2) {
      if (!patterns[i].test(name)) continue;
      met = true;
      if (!patterns[i + 1](v[name])) return false;
    }
    if (!met && !other(v[name])) return false;
  }
  return true;
};
`;

/** @typedef {{ schema: Record<string, any>, ask: (schema: any) => string, constant: (code: string) => string, target: (ref: string) => string }} Site */

/** @param {string[]} conditions */
function all(conditions) {
  const told = conditions.filter((each) => each !== 'true');
  return told.length === 0 ? 'true' : `(${told.map((each) => `(${each})`).join(' && ')})`;
}

/** What a keyword asks of values of a type, and of no others. @param {string} type @param {Site} site @param {string} condition */
const when = (type, { schema }, condition) => (schema.type === type ? condition : `!(${TYPES[type]}) || ${condition}`);

/** @type {Record<string, (argument: any, site: Site) => string>} Keyword → the condition that it makes. */
const KEYWORDS = {
  $ref: (ref, { target }) => `${target(ref)}(v)`,
  type: (types) =>
    [types]
      .flat()
      .map((type) => TYPES[type])
      .join(' || '),
  enum: (values) => values.map((/** @type {unknown} */ value) => `v === ${literal(value)}`).join(' || '),
  const: (value) => `v === ${literal(value)}`,
  // A character is one unit of a text or two.
  minLength: (least, site) => when('string', site, `(v.length >= ${2 * least - 1} || size(v) >= ${least})`),
  maxLength: (most, site) => when('string', site, `(v.length <= ${most} || size(v) <= ${most})`),
  pattern: (source, site) => when('string', site, `${site.constant(`new RegExp(${literal(source)}, "u")`)}.test(v)`),
  minimum: (least, site) => when('number', site, `v >= ${least}`),
  minItems: (least, site) => when('array', site, `v.length >= ${least}`),
  minProperties: (least, site) => when('object', site, `Object.keys(v).length >= ${least}`),
  required: (names, site) =>
    when('object', site, all(names.map((/** @type {string} */ name) => `hasOwn.call(v, ${literal(name)})`))),
  items: (schema, site) => when('array', site, `items(v, ${site.ask(schema)})`),
  properties: membersOf,
  patternProperties: (_, site) => ('properties' in site.schema ? 'true' : membersOf(_, site)),
  additionalProperties: (_, site) =>
    'properties' in site.schema || 'patternProperties' in site.schema ? 'true' : membersOf(_, site),
  allOf: (schemas, { ask }) => all(schemas.map((/** @type {any} */ each) => `${ask(each)}(v)`)),
  anyOf: (schemas, { ask }) => schemas.map((/** @type {any} */ each) => `${ask(each)}(v)`).join(' || '),
  not: (schema, { ask }) => `!${ask(schema)}(v)`,
  if: (test, { schema, ask }) => `(${ask(test)}(v) ? ${ask(schema.then ?? true)}(v) : ${ask(schema.else ?? true)}(v))`,
};

/** All three keywords of the members of an object in one pass. @param {unknown} _ @param {Site} site */
function membersOf(_, site) {
  const { schema, ask, constant } = site;
  const known = Object.entries(schema.properties ?? {}).map(([name, each]) => `${literal(name)}: ${ask(each)}`);
  const patterns = Object.entries(schema.patternProperties ?? {}).flatMap(([source, each]) => [
    `new RegExp(${literal(source)}, "u")`,
    ask(each),
  ]);
  const tables = `${constant(`table({ ${known.join(', ')} })`)}, ${constant(`[${patterns.join(', ')}]`)}`;
  return when('object', site, `members(v, ${tables}, ${ask(schema.additionalProperties ?? true)})`);
}

/** @param {unknown} value */
function literal(value) {
  if (typeof value === 'object' && value !== null) throw new Error('Only plain values can be compared.');
  return JSON.stringify(value);
}

/**
 * The text of a module that exports `validators`, a map from the names of the schemas to their functions.
 * @param {Record<string, any>} schemas
 * @returns {string}
 */
export function predicates(schemas) {
  /** @type {Map<string, string>} condition → the function that checks it */
  const functions = new Map();
  /** @type {Map<string, string>} definition → the function that checks it; known before its condition is, for it may hold itself */
  const definitions = new Map();
  /** @type {string[]} */
  const defined = [];
  /** @type {Map<string, string>} code → the name of the constant */
  const constants = new Map();

  /** @param {Map<string, string>} names @param {string} key @param {string} letter */
  function nameOf(names, key, letter) {
    const name = names.get(key) ?? `${letter}${names.size}`;
    names.set(key, name);
    return name;
  }

  /** @param {any} schema @param {Record<string, any>} $defs @returns {string} the name of a function */
  const ask = (schema, $defs) => nameOf(functions, condition(schema, $defs), 's');

  /** @param {string} ref @param {Record<string, any>} $defs @returns {string} the name of a function */
  function target(ref, $defs) {
    const [, name = ''] = /^#\/\$defs\/(\w+)$/.exec(ref) ?? [];
    if (!(name in $defs)) throw new Error(`${ref} leads nowhere.`);
    const key = `${name} ${JSON.stringify($defs)}`;
    const known = definitions.get(key);
    if (known !== undefined) return known;
    const own = nameOf(definitions, key, 'd');
    defined.push(`const ${own} = (v) => ${condition($defs[name], $defs)};`);
    return own;
  }

  /** @param {any} schema @param {Record<string, any>} $defs */
  function condition(schema, $defs) {
    if (typeof schema === 'boolean') return String(schema);
    /** @type {Site} */
    const site = {
      schema,
      ask: (each) => ask(each, $defs),
      target: (ref) => target(ref, $defs),
      constant: (code) => nameOf(constants, code, 'c'),
    };
    // What is asked of values of one type is asked when the value is known to be of it.
    const { type, ...others } = schema;
    const keywords = Object.entries(type === undefined ? others : { type, ...others });
    const parts = keywords.map(([keyword, argument]) => {
      if (SILENT.has(keyword)) return 'true';
      const make = KEYWORDS[keyword];
      if (make === undefined) throw new Error(`No predicate can be made of ${keyword}.`);
      return make(argument, site);
    });
    return all(parts);
  }

  const map = Object.entries(schemas).map(
    ([name, schema]) => `  ${literal(name)}: ${ask(schema, schema.$defs ?? {})},`,
  );
  return [
    RUNTIME,
    ...[...functions].map(([code, name]) => `const ${name} = (v) => ${code};`),
    ...defined,
    ...[...constants].map(([code, name]) => `const ${name} = ${code};`),
    `export const validators = {`,
    ...map,
    '};\n',
  ].join('\n');
}
