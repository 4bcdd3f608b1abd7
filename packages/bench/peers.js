// The engines that are compared. Each says the two expressions in its own language, `mark` standing for a text that
// makes the source one that was not met before, and makes of a source a function from scope to text.
import { Tournament } from '@n8n/tournament';
import { Parser } from 'expr-eval';
import Handlebars from 'handlebars';
import jexl from 'jexl';
import jsonata from 'jsonata';
import { Liquid } from 'liquidjs';
import Mustache from 'mustache';

const encode = (/** @type {string} */ text) => Buffer.from(text, 'utf8').toString('base64');

Handlebars.registerHelper('base64', encode);
Handlebars.registerHelper('concat', (...parts) => parts.slice(0, -1).join(''));

const liquid = new Liquid();
liquid.registerFilter('base64', encode);

const engine = new jexl.Jexl();
engine.addFunction('base64', encode);

const parser = new Parser();
parser.functions.base64 = encode;

const tournament = new Tournament(() => {});

/** Engines whose result comes as a promise are marked `async`; those that build JavaScript source are `generator`. */
export const PEERS = [
  {
    name: 'handlebars',
    bearer: (mark) => `Bearer ${mark}{{{connection.apiKey}}}`,
    basic: (mark) => `Basic ${mark}{{{base64 (concat parameters.username ":" parameters.password)}}}`,
    prepare: (source) => Handlebars.compile(source, { noEscape: true }),
    generator: true,
  },
  {
    name: 'mustache',
    bearer: (mark) => `Bearer ${mark}{{{connection.apiKey}}}`,
    basic: (mark) => `Basic ${mark}{{#base64}}{{{parameters.username}}}:{{{parameters.password}}}{{/base64}}`,
    prepare: (source) => {
      const writer = new Mustache.Writer();
      const base64 = () => (/** @type {string} */ text, /** @type {(text: string) => string} */ render) =>
        encode(render(text));
      const tokens = writer.parse(source);
      return (scope) => writer.renderTokens(tokens, new Mustache.Context({ ...scope, base64 }), undefined, source);
    },
  },
  {
    name: 'liquidjs',
    bearer: (mark) => `Bearer ${mark}{{ connection.apiKey }}`,
    basic: (mark) => `Basic ${mark}{{ parameters.username | append: ":" | append: parameters.password | base64 }}`,
    prepare: (source) => {
      const template = liquid.parse(source);
      return (scope) => liquid.renderSync(template, scope);
    },
  },
  {
    name: 'jsonata',
    bearer: (mark) => `"Bearer ${mark}" & connection.apiKey`,
    basic: (mark) => `"Basic ${mark}" & $base64(parameters.username & ":" & parameters.password)`,
    prepare: (source) => {
      const expression = jsonata(source);
      expression.registerFunction('base64', encode);
      return (scope) => expression.evaluate(scope);
    },
    async: true,
  },
  {
    name: 'jexl',
    bearer: (mark) => `"Bearer ${mark}" + connection.apiKey`,
    basic: (mark) => `"Basic ${mark}" + base64(parameters.username + ":" + parameters.password)`,
    prepare: (source) => {
      const expression = engine.compile(source);
      return (scope) => expression.evalSync(scope);
    },
  },
  {
    name: 'expr-eval',
    bearer: (mark) => `"Bearer ${mark}" || connection.apiKey`,
    basic: (mark) => `"Basic ${mark}" || base64(parameters.username || ":" || parameters.password)`,
    prepare: (source) => {
      const expression = parser.parse(source);
      return (scope) => expression.evaluate(scope);
    },
  },
  {
    name: '@n8n/tournament',
    bearer: (mark) => `Bearer ${mark}{{ connection.apiKey }}`,
    basic: (mark) => `Basic ${mark}{{ base64(parameters.username + ':' + parameters.password) }}`,
    prepare: (source) => (scope) => tournament.execute(source, { ...scope, base64: encode }),
    generator: true,
  },
];
