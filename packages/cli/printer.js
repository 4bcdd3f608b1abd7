// What json-schema-to-typescript brings and nothing here asks for is left out of the bundle: its formatter, its readers
// of files and of the network, YAML. Loading them takes longer than printing.
import { join } from 'node:path';

const LODASH = JSON.stringify(join(import.meta.dirname, 'lodash.js'));

/** @type {readonly (readonly [file: RegExp, source: string])[]} What stands in for a file of a package. */
const STAND_INS = [
  [/[\\/]prettier[\\/]index\.[cm]js$/, 'exports.format = undefined;'],
  // The printer makes a schema for its reader of YAML as it is loaded.
  [/[\\/]js-yaml[\\/]/, 'exports.CORE_SCHEMA = { withTags() {} };'],
  [/[\\/]lodash[\\/]lodash\.js$/, `export * from ${LODASH}; export { default as deburr } from './deburr.js';`],
  [/[\\/]json-schema-ref-parser[\\/]dist[\\/]lib[\\/](bundle|parsers[\\/]\w+|resolvers[\\/]\w+)\.js$/, ''],
];

/** @type {import('rolldown').Plugin} */
export const printer = {
  name: 'printer',
  load(id) {
    const source = STAND_INS.find(([file]) => file.test(id))?.[1];
    return source === undefined ? null : { code: source, moduleType: 'js' };
  },
};
