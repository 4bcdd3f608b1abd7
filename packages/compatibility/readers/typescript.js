import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { types } from './written.js';

export const begin = types;

/** @param {any} context @param {readonly string[]} files @param {object} options */
function compile({ place, folder }, files, options) {
  const { bin } = JSON.parse(readFileSync(join(place, 'package.json'), 'utf8'));
  const project = join(folder, 'tsconfig.json');
  const compilerOptions = { ...{ noEmit: true, strict: true, target: 'es2022', types: [] }, ...options };
  writeFileSync(project, JSON.stringify({ compilerOptions, files }));
  const words = [join(place, bin.tsc), '--project', project];
  const { status, stdout, stderr } = spawnSync(process.execPath, words, { encoding: 'utf8' });
  return { status, said: `${stdout}${stderr}`.trim() };
}

export const attempts = {
  compile: async (context, { options = {} }) => {
    const { status, said } = compile(context, context.subject, options);
    if (status !== 0) throw new Error(said);
  },
  /** A consumer of the types: what is right compiles, and each thing that is wrong is an error of its own. */
  use: async (context, { options = {} }) => {
    const file = join(context.folder, 'consumer.ts');
    const from = `import type { Connections } from './templates-oauth2-pkce/connector.js';
import type { Connections as Keys } from './templates-api-key/connector.js';
type Main = Connections['main'];
export const scopes: Main['scopes'][] = ['profile', 'orders:read'];
export const right: Keys['main']['parameters'] = { apiKey: 'a' };
`;
    const wrong = `// @ts-expect-error a scope that is not declared
export const scope: Main['scopes'] = 'nothing';
// @ts-expect-error a field that is missing
export const missing: Keys['main']['parameters'] = {};
// @ts-expect-error another type
export const other: Keys['main']['parameters'] = { apiKey: 1 };
`;
    writeFileSync(file, `${from}${wrong}`);
    const { status, said } = compile(context, [file], { module: 'nodenext', moduleResolution: 'nodenext', ...options });
    if (status !== 0) throw new Error(said);
  },
};
