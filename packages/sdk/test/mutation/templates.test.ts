import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runTests } from '../../src/connection-tests/index.ts';
import { openProject } from '../../src/index.ts';
import { memoryFiles } from '../../src/project/files.ts';
import type { Subject } from './corpus.ts';
import { chanceOf, OPERATORS, type Operator } from './operators.ts';
import { type Site, sitesOf } from './sites.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..', '..');

/** The connections that new projects begin with, and the tests that come with them. */
const SUBJECTS: readonly Subject[] = ['templates', 'examples'].flatMap((shelf) =>
  readdirSync(join(ROOT, shelf), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(ROOT, shelf, entry.name, 'connections')))
    .map((entry) => ({ name: `${shelf}/${entry.name}`, texts: textsIn(join(ROOT, shelf, entry.name), 'connections') })),
);

function textsIn(root: string, folder: string): Record<string, string> {
  const names = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' });
  const files = names.map((name) => `${folder}/${name.replaceAll('\\', '/')}`).filter((name) => /\.jsonc?$/.test(name));
  const kept = files.filter((name) => !name.endsWith('.local.json'));
  return {
    'connector.json': '{"name": "mutant"}',
    ...Object.fromEntries(kept.map((name) => [name, readFileSync(join(root, name), 'utf8')])),
  };
}

/** What the tests of a project find wrong. */
async function failuresOf(texts: Subject['texts']): Promise<string[]> {
  const project = openProject(memoryFiles(texts));
  const read = project.problems.filter(({ severity }) => severity === 'error');
  const results = await Promise.all(project.connections.map((connection) => runTests(project, connection)));
  const found = results.flatMap(({ cases, problems }) => [...problems, ...cases.flatMap((each) => each.problems)]);
  return [...read, ...found].filter(({ severity }) => severity === 'error').map(({ message }) => message);
}

/** A free value is one that only an author can know to be right: what tests are for. */
const FREE: Operator = {
  name: 'change a value',
  kinds: ['free'],
  change: (text) =>
    text === 'true' || /^[\d.-]+$/.test(text) ? `${text === 'true' ? false : Number(text) + 1}` : `${text}x`,
};

/** A line that is gone, where the text is JSON all the same. */
const APIS = /\/api\.jsonc?$/;

interface Mutant {
  readonly line: number;
  readonly what: string;
  readonly texts: Subject['texts'];
}

/** One mistake of each kind at each place of `api`, and each line of it left out. */
function mutantsOf(subject: Subject): Mutant[] {
  const chance = chanceOf(7);
  const sites = sitesOf(subject).filter(
    ({ file, kind }) => APIS.test(file) && kind !== 'section' && kind !== 'punctuation',
  );
  const made = sites.flatMap((site) =>
    [...OPERATORS, FREE].flatMap((operator) => {
      if (!operator.kinds.includes(site.kind)) return [];
      const by = operator.change(site.text, chance, site);
      return by === undefined || by === site.text ? [] : [mutant(subject, site, operator, by)];
    }),
  );
  return [...made, ...lineMutants(subject)];
}

function mutant(subject: Subject, { file, offset, text }: Site, { name }: Operator, by: string): Mutant {
  const before = subject.texts[file] ?? '';
  const line = before.slice(0, offset).split('\n').length;
  const after = before.slice(0, offset) + by + before.slice(offset + text.length);
  return {
    line,
    what: `${file}:${line} ${name}: ${JSON.stringify(text)} → ${JSON.stringify(by)}`,
    texts: { ...subject.texts, [file]: after },
  };
}

/** Each line with a member of its own left out, with the comma that goes with it. */
function lineMutants(subject: Subject): Mutant[] {
  return Object.entries(subject.texts).flatMap(([file, text]) => {
    if (!APIS.test(file)) return [];
    const lines = text.split('\n');
    return lines.flatMap((line, index) => {
      if (!/^\s*"[^"]+": .*[^[{],?$/.test(line)) return [];
      const rest = lines.filter((_, at) => at !== index).join('\n');
      const after = rest.replace(/,(\s*(?:\/\/[^\n]*\n\s*)*[}\]])/g, '$1');
      return [
        {
          line: index + 1,
          what: `${file}:${index + 1} lose a line: ${line.trim()}`,
          texts: { ...subject.texts, [file]: after },
        },
      ];
    });
  });
}

describe.each(SUBJECTS)('the tests of $name', (subject) => {
  test('pass', async () => {
    expect(await failuresOf(subject.texts)).toEqual([]);
  });

  test('fail when a line of its api is broken', async () => {
    expect(await failuresOf(subject.texts)).toEqual([]);
    const mutants = mutantsOf(subject);
    const survivors: Mutant[] = [];
    for (const each of mutants) if ((await failuresOf(each.texts)).length === 0) survivors.push(each);
    const killed = mutants.length - survivors.length;
    const share = killed / mutants.length;
    const lines = survivors.map(({ what }) => `  survives: ${what}`);
    console.log(
      [`${subject.name}: ${killed} of ${mutants.length} killed (${(100 * share).toFixed(1)} %)`, ...lines].join('\n'),
    );
    expect(mutants.length).toBeGreaterThan(20);
    expect(share).toBeGreaterThanOrEqual(0.9);
  }, 120_000);
});
