import { createHarness, type Harness } from '@connectorkit/harness';
import { createSend } from '@connectorkit/sdk/node';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Context, Result } from '../../src/command.ts';
import { run as pull } from '../../src/commands/pull.run.ts';
import { run as push } from '../../src/commands/push.run.ts';
import { edit, stored } from './team.ts';

/** As many as were asked for; by night twice as many. */
const SEQUENCES = process.env.CONNECTOR_NIGHTLY ? 1000 : 500;
const LENGTH = 12;
const KEYS = ['a', 'b', 'c'];
const SECTIONS = ['api', 'scopes'] as const;
type Section = (typeof SECTIONS)[number];

const { signal } = new AbortController();
const send = createSend({ signal, environment: {} });
let harness: Harness;
beforeAll(async () => {
  harness = await createHarness({ platforms: ['make'] });
});
afterAll(() => harness.close());

/** Numbers from 0 up to 1 that are the same for the same seed. */
function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Every value that anybody ever wrote is one of a kind, so that it can be followed. */
const VALUE = /value\d+/g;

function valuesIn(...texts: readonly string[]): Set<string> {
  return new Set(texts.join('\n').match(VALUE));
}

function textOf(section: Section, values: Readonly<Record<string, string>>): string {
  const value = section === 'api' ? { url: 'https://api.acme.test', qs: values } : values;
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

function changed(section: Section, text: string, key: string, value: string): string {
  const before = JSON.parse(text);
  return textOf(section, { ...(section === 'api' ? before.qs : before), [key]: value });
}

/** Somebody with a folder of their own, who has seen what they wrote and what they were shown. */
class Person {
  readonly texts: Map<string, string>;
  readonly seen = new Set<string>();
  /** What the command said in its last run. */
  said = '';

  constructor(texts: Iterable<readonly [string, string]>) {
    this.texts = new Map(texts);
    this.look();
  }

  file(section: Section): string {
    return `connections/one/${section}.jsonc`;
  }

  local(section: Section): string {
    return this.texts.get(this.file(section)) ?? '';
  }

  look(): void {
    for (const value of valuesIn(this.local('api'), this.local('scopes'), this.said)) this.seen.add(value);
  }

  async run(command: (context: Context) => Promise<Result>): Promise<Result> {
    this.said = '';
    const context = this.#context();
    const result = await command(context);
    this.said += [...(result.lines ?? []), ...(result.diagnostics ?? []).map(({ message }) => message)].join('\n');
    this.look();
    return result;
  }

  #context(): Context {
    const { texts } = this;
    const list = (folder: string) => {
      const below = [...texts.keys()].filter((path) => path.startsWith(`${folder}/`));
      const names = below.map((path) => path.slice(folder.length + 1).split('/'));
      return [...new Set(names.map(([name = '', ...deeper]) => (deeper.length === 0 ? name : `${name}/`)))].sort();
    };
    const write = (path: string, text: string) => {
      texts.set(path, text);
    };
    const context: Partial<Context> = {
      cwd: '.',
      environment: {},
      root: () => '.',
      files: () => ({ read: (path) => texts.get(path), list, write, rename: () => {} }),
      report: ({ message }) => {
        this.said += `${message}\n`;
      },
      send,
      signal,
    };
    return context as Context;
  }
}

const PUSH = {
  origin: undefined,
  plan: undefined,
  'dry-run': false,
  'allow-destructive': false,
  'check-common': false,
  yes: true,
};
const PULL = { origin: undefined, 'dry-run': false, 'check-common': false };

/** A project that was pushed, in two folders. */
async function team(name: string): Promise<readonly [Person, Person]> {
  const facts = JSON.stringify({
    url: harness.url,
    token: harness.token,
    control: harness.controlToken,
    pid: process.pid,
  });
  const first = new Person([
    ['connector.json', JSON.stringify({ name, label: name })],
    ['connections/one/connection.json', '{"type": "apikey", "label": "one"}'],
    ...SECTIONS.map(
      (section) => [`connections/one/${section}.jsonc`, textOf(section, { a: 'x', b: 'x', c: 'x' })] as const,
    ),
    ['.connector/harness.json', facts],
  ]);
  await first.run((context) => push(context, { ...PUSH, ours: undefined, theirs: undefined }));
  return [first, new Person(first.texts)];
}

async function play(seed: number, tally: Record<string, number>): Promise<void> {
  const random = chance(seed);
  const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(random() * items.length)] as Item;
  const people = await team(`people-${seed}`);
  const name = JSON.parse(people[0].texts.get('.connector/origins.json') ?? '').harness.connections.one;
  const there = async () => (await Promise.all(SECTIONS.map((section) => stored(harness, name, section)))).join('\n');
  let number = 0;
  for (let step = 0; step < LENGTH; step++) {
    const person = pick(people);
    const section = pick(SECTIONS);
    const value = `value${seed}${String(++number).padStart(3, '0')}`;
    const what = random();
    if (what < 0.3) {
      person.texts.set(person.file(section), changed(section, person.local(section), pick(KEYS), value));
      person.look();
      continue;
    }
    if (what < 0.45) {
      // Whoever edits there sees what is there.
      await edit(harness, name, section, changed(section, await stored(harness, name, section), pick(KEYS), value));
      continue;
    }
    const before = {
      remote: valuesIn(await there()),
      local: valuesIn(person.local('api'), person.local('scopes')),
      seen: new Set(person.seen),
    };
    const choice = pick([{}, {}, { ours: 'all' }, { theirs: 'all' }, { ours: section }, { theirs: `one/${section}` }]);
    const sides = { ours: undefined, theirs: undefined, ...choice };
    const pushing = what < 0.75;
    const { exit = 'fine' } = await person.run((context) =>
      pushing ? push(context, { ...PUSH, ...sides }) : pull(context, { ...PULL, ...sides }),
    );
    const after = { remote: valuesIn(await there()), local: valuesIn(person.local('api'), person.local('scopes')) };
    const where = `seed ${seed}, step ${step}: ${pushing ? 'push' : 'pull'} ${JSON.stringify(choice)} ended ${exit}`;
    const shown = valuesIn(person.said);
    for (const lost of before.remote) {
      if (!after.remote.has(lost))
        expect(before.seen.has(lost) || shown.has(lost), `${where}: ${lost} there`).toBe(true);
    }
    for (const lost of before.local) {
      if (!after.local.has(lost)) expect(shown.has(lost), `${where}: ${lost} here`).toBe(true);
    }
    if (!pushing || exit === 'conflict') expect(after.remote, where).toEqual(before.remote);
    if (exit === 'conflict') expect(after.local, where).toEqual(before.local);
    const kind = `${pushing ? 'push' : 'pull'} ${exit}`;
    tally[kind] = (tally[kind] ?? 0) + 1;
  }
}

test(`two people and the platform's editor, ${SEQUENCES} times: no edit disappears without having been shown`, {
  timeout: 600_000,
}, async () => {
  const tally: Record<string, number> = {};
  for (let seed = 1; seed <= SEQUENCES; seed++) await play(seed, tally);
  process.stdout.write(
    `\nOf ${SEQUENCES} sequences: ${Object.entries(tally)
      .map(([kind, count]) => `${count} × ${kind}`)
      .join(', ')}\n`,
  );
  for (const kind of ['push fine', 'push conflict', 'pull fine', 'pull conflict'])
    expect(tally[kind], kind).toBeGreaterThan(5);
});
