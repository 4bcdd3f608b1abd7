// What is read: reports of the command line over a project with problems of every severity, contracts as the harness
// serves them, and generated types.
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { main } from '@connectorkit/cli';
import { createHarness } from '@connectorkit/harness';

const ROOT = join(import.meta.dirname, '../..', '..');
const TEMPLATES = join(ROOT, 'templates');

/** @param {readonly string[]} words @param {string} cwd */
async function connector(words, cwd) {
  const said = { stdout: '', stderr: '' };
  const stream = (/** @type {'stdout' | 'stderr'} */ name) => ({
    write: (/** @type {string | Uint8Array} */ text) => {
      said[name] += text;
    },
  });
  const environment = { PATH: process.env.PATH, XDG_CONFIG_HOME: join(cwd, '.config') };
  const code = await main([...words], { cwd, environment, stdout: stream('stdout'), stderr: stream('stderr') });
  return { code, ...said };
}

/**
 * Reports over a template in which errors, a warning, and a warning that is suppressed were made.
 * @param {{ folder: string }} context
 * @returns {Promise<{ sarif: string, junit: string, tests: string, problems: any[] }>} paths, and what was found
 */
export async function reports({ folder }) {
  const project = join(folder, 'project');
  cpSync(join(TEMPLATES, 'api-key'), project, { recursive: true });
  const path = join(project, 'connections/main/api.jsonc');
  const text = readFileSync(path, 'utf8');
  // Errors, one with characters that XML escapes, and a warning that is suppressed where it stands.
  const changed = text
    .replace('{{parameters.apiKey}}', "{{parameters.apiKy + '<&]]>'}}")
    .replace('{', '{ "a<&]]>b": 1,')
    .replace(/"url":/, '// connector-ignore request/plain-http: a server of the test\n"url":')
    .replace('https://', 'http://');
  writeFileSync(path, changed);
  const at = (/** @type {string} */ name) => join(folder, name);
  const formats = [`--format=sarif=${at('report.sarif')}`, `--format=junit=${at('report.xml')}`];
  await connector(['validate', ...formats], project);
  const { stdout } = await connector(['validate', '--json'], project);
  await connector(['test', `--format=junit=${at('tests.xml')}`], project);
  const problems = JSON.parse(stdout).diagnostics;
  return { sarif: at('report.sarif'), junit: at('report.xml'), tests: at('tests.xml'), problems };
}

/** The contracts of all platforms, as files. @param {any} context @returns {Promise<{ name: string, file: string, document: any }[]>} */
export async function contracts({ folder, onEnd }) {
  const harness = await createHarness();
  onEnd(() => harness.close());
  const names = ['make', 'akana', 'anypoint', 'workato'];
  return Promise.all(
    names.map(async (name) => {
      const text = await (await fetch(`${harness.url}/__harness/platforms/${name}/openapi.json`)).text();
      const file = join(folder, `${name}.json`);
      writeFileSync(file, text);
      return { name, file, document: JSON.parse(text) };
    }),
  );
}

/** The types of all templates and examples. @param {{ folder: string }} context @returns {Promise<string[]>} files */
export async function types({ folder }) {
  const made = [];
  for (const group of ['templates', 'examples']) {
    for (const { name } of readdirSync(join(ROOT, group), { withFileTypes: true }).filter((each) =>
      each.isDirectory(),
    )) {
      const project = join(folder, `${group}-${name}`);
      mkdirSync(project);
      cpSync(join(ROOT, group, name), project, { recursive: true });
      const { code, stderr } = await connector(['types'], project);
      if (code !== 0) throw new Error(`${name}: ${stderr}`);
      made.push(join(project, 'connector.d.ts'));
    }
  }
  return made;
}
