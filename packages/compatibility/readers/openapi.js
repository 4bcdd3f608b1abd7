// One reader of OpenAPI documents after the other: each has to take all contracts, and to find something wrong in one
// that is broken on purpose, so that a reader that takes everything is no proof.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { contracts } from './written.js';

/** @param {(context: any, contract: { file: string, document: any }, settings: any) => Promise<readonly string[]>} problemsOf */
function attemptsOf(problemsOf) {
  return {
    read: async (context, settings) => {
      const found = [];
      for (const contract of context.subject)
        for (const problem of await problemsOf(context, contract, settings)) found.push(`${contract.name}: ${problem}`);
      if (found.length > 0) throw new Error(`${found.length} problems: ${[...new Set(found)].slice(0, 6).join('; ')}`);
    },
    broken: async (context, settings) => {
      const [good] = context.subject;
      const said = await problemsOf(context, good, settings);
      if (said.length > 0) throw new Error(`one that is right is refused too: ${said[0]}`);
      const { document } = good;
      const [[path, operations]] = Object.entries(document.paths);
      const [[method, operation]] = Object.entries(operations).filter(([, { responses }]) => responses);
      const changed = structuredClone(document);
      changed.paths[path][method] = { ...operation, responses: 'none', parameters: { in: 'nowhere' } };
      const file = join(context.folder, 'broken.json');
      writeFileSync(file, JSON.stringify(changed));
      const found = await problemsOf(context, { file, document: changed }, settings).catch((error) => [String(error)]);
      if (found.length === 0) throw new Error('what is wrong was accepted');
    },
  };
}

export const begin = contracts;

const thrown = async (/** @type {() => Promise<unknown>} */ read) => {
  try {
    await read();
    return [];
  } catch (/** @type {any} */ { message }) {
    return [message];
  }
};

export const READERS = {
  redocly: attemptsOf(async ({ place }, { file }, { ruleset = 'minimal' }) => {
    const { createConfig, lint } = await import(`${place}/lib/index.js`);
    const config = await createConfig({ extends: [ruleset] });
    const problems = await lint({ ref: file, config });
    return problems.filter(({ severity }) => severity === 'error').map(({ ruleId, message }) => `${ruleId} ${message}`);
  }),
  'swagger-parser': attemptsOf(async ({ place }, { file }) => {
    const found = await import(`${place}/lib/index.js`);
    const { validate } = found.default?.validate ? found.default : found;
    return thrown(() => validate.call(found.default ?? found, file));
  }),
  'readme-parser': attemptsOf(async ({ place }, { file }) => {
    const { validate } = await import(`${place}/dist/index.js`);
    const { valid, errors = [] } = await validate(file);
    return valid ? [] : errors.map(({ message }) => message);
  }),
  'openapi-typescript': attemptsOf(async ({ place }, { document }) => {
    const { default: generate, astToString } = await import(
      `${place}/dist/index.${place.endsWith('6') ? 'js' : 'mjs'}`
    );
    const made = await thrown(async () => {
      const out = await generate(place.endsWith('6') ? document : JSON.stringify(document));
      const text = typeof out === 'string' ? out : astToString(out);
      if (!text.includes('export interface paths')) throw new Error('no types were made');
    });
    return made;
  }),
  seriousme: attemptsOf(async ({ place }, { file }) => {
    const found = await import(`${place}/index.js`);
    const Validator = found.Validator ?? found.default;
    const { valid, errors } = await new Validator().validate(file);
    if (valid) return [];
    return typeof errors === 'string'
      ? [errors]
      : errors.map(({ instancePath, message }) => `${instancePath} ${message}`);
  }),
};
