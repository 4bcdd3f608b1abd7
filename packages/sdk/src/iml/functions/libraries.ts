import { createRequire } from 'node:module';
import type { Decimal } from 'decimal.js';
import type { XMLBuilder, XMLParser } from 'fast-xml-parser';
import type { RE2JS } from 're2js';

/**
 * The libraries that few expressions need. A template is read, checked and mostly evaluated without them, so each is
 * loaded when it is first asked for, and synchronously, because an expression has its value at once.
 *
 * A bundler gives the module a `require`, follows the literal calls below and keeps what they name unevaluated until
 * then; Node, where modules have none, takes the other way. Neither may be shortened to a variable name.
 */
const bundled = typeof require === 'function';

export function decimal(): typeof Decimal {
  return (bundled ? require('decimal.js') : createRequire(import.meta.url)('decimal.js')).Decimal;
}

export function re2(): typeof RE2JS {
  return (bundled ? require('re2js') : createRequire(import.meta.url)('re2js')).RE2JS;
}

export function xml(): { XMLParser: typeof XMLParser; XMLBuilder: typeof XMLBuilder } {
  return bundled ? require('fast-xml-parser') : createRequire(import.meta.url)('fast-xml-parser');
}
