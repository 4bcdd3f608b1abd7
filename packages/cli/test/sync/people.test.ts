import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createHarness, type Harness } from '@connectorkit/harness';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { EXIT_CODES, type Exit } from '../../src/command.ts';
import { connection, edit, type Folder, projectAt, stored } from './team.ts';

/** As many as were asked for; by night twice as many. */
const SEQUENCES = process.env.CONNECTOR_NIGHTLY ? 1000 : 500;
const LENGTH = 12;
const KEYS = ['a', 'b', 'c'];
const SECTIONS = ['api', 'scopes'] as const;
type Section = (typeof SECTIONS)[number];

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
  readonly folder: Folder;
  readonly seen = new Set<string>();
  /** What the command said in its last run. */
  said = '';

  constructor(folder: Folder) {
    this.folder = folder;
    this.look();
  }

  local(section: Section): string {
    return this.folder.read(`connections/one/${section}.jsonc`);
  }

  write(section: Section, text: string): void {
    this.folder.write(`connections/one/${section}.jsonc`, text);
    this.look();
  }

  look(): void {
    for (const value of valuesIn(this.local('api'), this.local('scopes'), this.said)) this.seen.add(value);
  }

  /** Runs a command line. @returns how it ended */
  async run(...words: readonly string[]): Promise<Exit> {
    const { code, stdout, stderr } = await this.folder.shown(...words);
    this.said = stdout + stderr;
    this.look();
    const [exit] = Object.entries(EXIT_CODES).find(([, each]) => each.code === code) ?? [];
    if (exit === 'fine' || exit === 'conflict') return exit;
    throw new Error(`${words.join(' ')} ended with ${code}: ${this.said}`);
  }
}

/** A project that was pushed, in two folders. */
async function team(name: string): Promise<readonly [Person, Person]> {
  const texts = SECTIONS.map((section) => [section, textOf(section, { a: 'x', b: 'x', c: 'x' })] as const);
  const folder = projectAt(harness, {
    'connector.json': JSON.stringify({ name, label: name }),
    ...connection('one', Object.fromEntries(texts)),
  });
  const first = new Person(folder);
  await first.run('push');
  const second = folder.clone();
  // The other one's harness is the same, and so are its names.
  cpSync(join(folder.root, '.connector'), join(second.root, '.connector'), { recursive: true });
  return [first, new Person(second)];
}

async function play(seed: number, tally: Record<string, number>): Promise<void> {
  const random = chance(seed);
  const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(random() * items.length)] as Item;
  const people = await team(`people-${seed}`);
  const name: string = people[0].folder.json('.connector/origins.json').harness.connections.one;
  const there = async () => (await Promise.all(SECTIONS.map((section) => stored(harness, name, section)))).join('\n');
  let number = 0;
  for (let step = 0; step < LENGTH; step++) {
    const person = pick(people);
    const section = pick(SECTIONS);
    const value = `value${seed}${String(++number).padStart(3, '0')}`;
    const what = random();
    if (what < 0.3) {
      person.write(section, changed(section, person.local(section), pick(KEYS), value));
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
    const sides = ['', '', '--ours all', '--theirs all', `--ours ${section}`, `--theirs one/${section}`];
    const choice = pick(sides).split(' ').filter(Boolean);
    const pushing = what < 0.75;
    const line = [pushing ? 'push' : 'pull', ...choice];
    const exit = await person.run(...line);
    const after = { remote: valuesIn(await there()), local: valuesIn(person.local('api'), person.local('scopes')) };
    const where = `seed ${seed}, step ${step}: ${line.join(' ')} ended ${exit}`;
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
  for (const { folder } of people) rmSync(folder.root, { recursive: true });
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
