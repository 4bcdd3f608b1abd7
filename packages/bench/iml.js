// How fast expressions are read and evaluated, beside hand-written closures that do the same (limit.js) and beside
// other engines. `pnpm bench iml`; the exit code is 1 when a target is missed.
import assert from 'node:assert/strict';
import { evaluate, evaluateValue, parseTemplate } from '@connectorkit/sdk/iml';
import { compileLimit } from './limit.js';
import { measure, table } from './measure.js';
import { PEERS } from './peers.js';
import { NOW, SCOPE, section } from './section.js';

const given = { now: () => NOW, random: () => 0.5, uuid: () => '7d9f2c1e-3b4a-4c5d-8e6f-0123456789ab' };

const OURS = {
  name: 'connectorkit',
  bearer: (mark) => `Bearer ${mark}{{connection.apiKey}}`,
  basic: (mark) => `Basic ${mark}{{base64(parameters.username + ':' + parameters.password)}}`,
  prepare: (source) => (scope) => evaluate(source, scope, given),
};
const LIMIT = { ...OURS, name: 'hand-written closures', prepare: compileLimit };
const ENGINES = [LIMIT, OURS, ...PEERS];
const EXPECTED = { bearer: 'Bearer sk_live_0123456789abcdef', basic: 'Basic YWxpY2U6Y29ycmVjdCBob3JzZQ==' };

/** Keeps the result, so that no engine can leave the work out. */
let sink;
let marks = 0;

/** A text in one piece: one that is still made of parts would be put together by whoever reads it first. */
function flat(text) {
  return Buffer.from(text).toString('latin1');
}

function fresh(source, count) {
  return Array.from({ length: count }, () => flat(source(`${++marks} `)));
}

for (const [expression, expected] of Object.entries(EXPECTED)) {
  for (const engine of ENGINES) {
    assert.equal(await engine.prepare(engine[expression](''))(SCOPE), expected, `${engine.name}, ${expression}`);
    assert.equal(await engine.prepare(engine[expression]('7 '))(SCOPE), expected.replace(' ', ' 7 '), engine.name);
  }
}

const missed = [];

function target(what, ratio, least) {
  const met = ratio >= least;
  if (!met) missed.push(what);
  console.log(`${met ? 'met' : 'MISSED'}: ${what}: ${ratio.toFixed(2)} of at least ${least}`);
}

function ahead(what, measured, rivals) {
  const ours = measured.find(({ name }) => name === OURS.name)?.median ?? 0;
  const best = measured
    .filter(({ name }) => rivals.some((rival) => rival.name === name))
    .sort((a, b) => b.median - a.median)[0];
  target(`${what}: ahead of ${best?.name}, the fastest of ${rivals.length}`, ours / (best?.median ?? 1), 1);
}

function prepared(engine, expression) {
  const run = engine.prepare(flat(engine[expression]('')));
  const count = 1000;
  if (engine.async) {
    const work = async () => {
      for (let index = 0; index < count; index++) sink = await run(SCOPE);
    };
    return { name: engine.name, count, work };
  }
  const work = () => {
    for (let index = 0; index < count; index++) sink = run(SCOPE);
  };
  return { name: engine.name, count, work };
}

function cold(engine, expression) {
  const count = engine.generator || engine.async ? 20 : 200;
  let sources = [];
  const before = () => {
    sources = fresh(engine[expression], count);
  };
  const work = engine.async
    ? async () => {
        for (const source of sources) sink = await engine.prepare(source)(SCOPE);
      }
    : () => {
        for (const source of sources) sink = engine.prepare(source)(SCOPE);
      };
  return { name: engine.name, count, work, before };
}

for (const expression of Object.keys(EXPECTED)) {
  const warm = await measure(ENGINES.map((engine) => prepared(engine, expression)));
  console.log(table(`${expression}, prepared`, warm));
  target(`${expression}, prepared, against the limit`, warm[1].median / warm[0].median, 0.5);
  ahead(
    `${expression}, prepared`,
    warm,
    PEERS.filter(({ generator }) => !generator),
  );
  const first = await measure(ENGINES.map((engine) => cold(engine, expression)));
  console.log(table(`${expression}, cold: a text not seen before is read, compiled and run once`, first));
  target(`${expression}, cold, against the limit`, first[1].median / first[0].median, 0.5);
  ahead(`${expression}, cold`, first, PEERS);
}

/** The hand-written reading of a whole value: objects become functions that build them. */
function compileValue(value) {
  if (typeof value === 'string') return compileLimit(value);
  if (Array.isArray(value)) {
    const items = value.map(compileValue);
    return (scope) => items.map((item) => item(scope));
  }
  const entries = Object.entries(value).map(([key, each]) => [key, compileValue(each)]);
  return (scope) => {
    const result = {};
    for (const [key, run] of entries) {
      const own = run(scope);
      if (own !== undefined) result[key] = own;
    }
    return result;
  };
}

/** Dates in a text are ISO 8601 in both. */
function plain(value) {
  return JSON.parse(
    JSON.stringify(value).replaceAll(String(new Date(NOW.getTime() + 3600_000)), '2024-01-01T01:00:00.000Z'),
  );
}

const example = section('x');
assert.deepEqual(plain(evaluateValue(example, SCOPE, given)), plain(compileValue(example)(SCOPE)));

function texts(value) {
  return typeof value === 'string' ? [value] : Object.values(value).flatMap(texts);
}

/** A copy whose texts are in one piece. */
function flatSection(id) {
  return JSON.parse(JSON.stringify(section(id)));
}

const templates = texts(example);
const characters = templates.join('').length;
console.log(`\nThe section has ${templates.length} texts of ${characters} characters together.`);

const sections = { cold: [], sources: [] };
const SECTIONS = 10;
const freshSections = () => {
  sections.cold = Array.from({ length: SECTIONS }, () => flatSection(String(++marks)));
};
const whole = await measure([
  {
    name: LIMIT.name,
    count: SECTIONS,
    before: freshSections,
    work: () => {
      for (const each of sections.cold) sink = compileValue(each)(SCOPE);
    },
  },
  {
    name: OURS.name,
    count: SECTIONS,
    before: freshSections,
    work: () => {
      for (const each of sections.cold) sink = evaluateValue(each, SCOPE, given);
    },
  },
]);
console.log(table('a whole api section, cold: all of it is read, compiled and run once', whole));
target('a whole section, cold, against the limit', whole[1].median / whole[0].median, 0.5);

const same = flatSection('x');
const compiled = compileValue(same);
const again = await measure([
  {
    name: LIMIT.name,
    count: SECTIONS,
    work: () => {
      for (let index = 0; index < SECTIONS; index++) sink = compiled(SCOPE);
    },
  },
  {
    name: OURS.name,
    count: SECTIONS,
    work: () => {
      for (let index = 0; index < SECTIONS; index++) sink = evaluateValue(same, SCOPE, given);
    },
  },
]);
console.log(table('the same section again (no target)', again));

const sources = Array.from({ length: 50 }, (_, index) => texts(flatSection(String(index)))).flat();
const total = sources.join('').length;
const [parsing] = await measure([
  {
    name: 'parseTemplate',
    count: total / 1e6,
    work: () => {
      for (const source of sources) sink = parseTemplate(source);
    },
  },
]);
console.log(`\nparsing: ${parsing.median.toFixed(1)} MB/s (${parsing.low.toFixed(1)} – ${parsing.high.toFixed(1)})`);
target('parsing, in MB/s', parsing.median, 20);

assert.notEqual(sink, undefined);
if (missed.length > 0) {
  console.log(`\n${missed.length} targets were missed.`);
  process.exitCode = 1;
}
