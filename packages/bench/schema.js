// The checker of the sdk on a value of 100 fields, beside Ajv: its compiled function, and, compile included, its compile-and-check.
// Both are given the same schema and values, right and wrong ones in turn. `pnpm bench schema`; the exit code is 1 when a
// target is missed.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { measure, table } from './measure.js';

const SDK = join(import.meta.dirname, '..', 'sdk');
/** @type {typeof import('../sdk/build/json-schema/validator.js')} */
const { faultsOf } = await import(pathToFileURL(join(SDK, 'build', 'json-schema', 'validator.js')).href);
const require = createRequire(join(SDK, 'package.json'));
/** @type {typeof import('ajv/dist/2020.js')} */
const { Ajv2020 } = require('ajv/dist/2020.js');

const FIELDS = 100;
/** Ours, of the time of Ajv's. */
const CHECKED = 3;
const COMPILED = 0.2;

/** What an author writes of a field, and values that it takes and refuses. @type {readonly (readonly [object, unknown, unknown])[]} */
const KINDS = [
  [{ type: 'string', minLength: 1, maxLength: 64 }, 'abc', ''],
  [{ type: 'string', pattern: '^[a-z]+-[0-9]+$' }, 'abc-12', 'ABC'],
  [{ type: 'integer', minimum: 1, maximum: 65535 }, 443, 0],
  [{ type: 'number', multipleOf: 0.5 }, 2.5, 2.2],
  [{ type: 'boolean' }, true, 'true'],
  [{ enum: ['eu', 'us', 'ap'] }, 'us', 'cn'],
  [{ type: ['string', 'null'] }, null, 1],
  [{ type: 'array', items: { type: 'string' }, maxItems: 5 }, ['a', 'b', 'c'], ['a', 2]],
  [{ $ref: '#/$defs/host' }, { name: 'api.example.com', port: 8443 }, { name: 'api.example.com', port: 'https' }],
  [{ anyOf: [{ type: 'string' }, { $ref: '#/$defs/host' }] }, { name: 'api.example.com' }, 7],
];

const host = {
  type: 'object',
  required: ['name'],
  properties: { name: { type: 'string' }, port: { type: 'integer' } },
  additionalProperties: false,
};
const kindOf = (/** @type {number} */ index) => KINDS[index % KINDS.length] ?? [{}, 1, 1];
const names = Array.from({ length: FIELDS }, (_, index) => `field${index}`);
const schema = {
  $defs: { host },
  type: 'object',
  properties: Object.fromEntries(names.map((name, index) => [name, kindOf(index)[0]])),
  required: names.filter((_, index) => index % 2 === 0),
  additionalProperties: false,
};
/** As values are when they come from a file. @param {unknown} value */
const read = (value) => JSON.parse(JSON.stringify(value));
const right = read(Object.fromEntries(names.map((name, index) => [name, kindOf(index)[1]])));
/** Each with one field that is wrong. */
const wrong = KINDS.map(([, , value], index) => read({ ...right, [`field${FIELDS - KINDS.length + index}`]: value }));
const values = wrong.flatMap((each) => [right, each]);

const OPTIONS = { strict: false, allErrors: true, validateFormats: false };
const validate = new Ajv2020(OPTIONS).compile(schema);
for (const value of values) {
  const [own, theirs] = [faultsOf(schema, value).length === 0, validate(value)];
  if (own !== theirs || own !== (value === right)) throw new Error('The two do not agree.');
}

let at = 0;
const next = () => values[at++ % values.length];
const checks = 20;
const checked = await measure([
  {
    name: 'ajv, compiled',
    count: checks,
    work: () => {
      for (let index = 0; index < checks; index++) validate(next());
    },
  },
  {
    name: 'faultsOf',
    count: checks,
    work: () => {
      for (let index = 0; index < checks; index++) faultsOf(schema, next());
    },
  },
]);
console.log(table(`Values of ${FIELDS} fields, checked`, checked));
const text = JSON.stringify(schema);
const compiler = new Ajv2020(OPTIONS);
const compileAndCheck = () => {
  const own = JSON.parse(text);
  compiler.compile(own)(next());
  compiler.removeSchema(own);
};
const compiled = await measure([
  { name: 'ajv, compile and check', count: 1, work: compileAndCheck },
  { name: 'faultsOf of a schema just read', count: 1, work: () => faultsOf(JSON.parse(text), next()) },
]);
console.log(table(`Values of ${FIELDS} fields, compile and check`, compiled));

/** How many times as long as the first the second takes. @param {import('./measure.js').Measured[]} measured */
const times = ([theirs, own]) => (theirs?.median ?? Number.NaN) / (own?.median ?? Number.NaN);
const [check, compile] = [times(checked), times(compiled)];
console.log(
  `\nchecked in ${check.toFixed(2)}× the time of Ajv (at most ${CHECKED}); with compiling ${compile.toFixed(3)}× (at most ${COMPILED})`,
);
process.exitCode = check > CHECKED || compile > COMPILED ? 1 : 0;
