import { lookUp } from '@connectorkit/sdk';
import { type Command, type Context, listOf, type Option, type Positional } from '../command.ts';
import { GLOBALS } from '../global-options.ts';
import type { CompletionContext } from './values.ts';

/** A value that can stand at the cursor. */
export interface Candidate {
  readonly value: string;
  /** A few words. */
  readonly about?: string;
}

export interface Candidates {
  /** `files` where the shell completes the name of a file. */
  readonly kind: 'words' | 'files';
  readonly candidates: readonly Candidate[];
}

/** The words of a command line without the command, and the word at the cursor as far as it was typed. */
export interface Typed {
  readonly words: readonly string[];
  readonly current: string;
}

/** Lists the words that can stand at the cursor. Shells leave out those that the current word does not begin. */
export async function candidatesFor(context: Context, { words, current }: Typed): Promise<Candidates> {
  const read = readWords(context.commands, words);
  const { command, open, positionals } = read;
  const place = contextOf(context, read);
  if (open !== undefined) return valuesAt(open, place);
  const [, name, value] = /^--([^=]+)=(.*)$/s.exec(current) ?? [];
  if (name !== undefined && value !== undefined && !read.areOptionsOver) {
    const option = lookUp(optionsFor(command), name);
    if (option === undefined) return NOTHING;
    const { kind, candidates } = await valuesAt(option, place);
    return { kind, candidates: candidates.map((each) => ({ ...each, value: `--${name}=${each.value}` })) };
  }
  if (current.startsWith('-') && !read.areOptionsOver) return { kind: 'words', candidates: flagsFor(read) };
  if (command === undefined) {
    if (positionals.length > 0) return NOTHING;
    return { kind: 'words', candidates: context.commands.map((each) => ({ value: each.name, about: each.summary })) };
  }
  const positional = positionalAt(command, positionals.length);
  return positional === undefined ? NOTHING : valuesAt(positional, place);
}

const NOTHING: Candidates = { kind: 'words', candidates: [] };

/** A command line as far as it was typed. */
interface Read {
  readonly command: Command | undefined;
  /** Also a word in the place of the command that is none. */
  readonly positionals: readonly string[];
  /** Options that were given, by name, each with its last value. */
  readonly given: ReadonlyMap<string, string>;
  /** The option whose value comes next. */
  readonly open: Option | undefined;
  readonly areOptionsOver: boolean;
}

function readWords(commands: readonly Command[], words: readonly string[]): Read {
  const positionals: string[] = [];
  const given = new Map<string, string>();
  let command: Command | undefined;
  let openName: string | undefined;
  let areOptionsOver = false;
  let isFirst = true;
  for (const word of words) {
    const [, name, value] = /^--([^=]+)(?:=(.*))?$/s.exec(word) ?? [];
    if (openName !== undefined) {
      given.set(openName, word);
      openName = undefined;
    } else if (word === '--' && !areOptionsOver) areOptionsOver = true;
    else if (name !== undefined && !areOptionsOver) {
      given.set(name, value ?? '');
      const option = lookUp(optionsFor(command), name);
      const takesNext = option !== undefined && option.type !== 'boolean' && option.bare === undefined;
      if (takesNext && value === undefined) openName = name;
    } else {
      const found = isFirst ? commands.find((each) => each.name === word) : undefined;
      if (found === undefined) positionals.push(word);
      command ??= found;
      isFirst = false;
    }
  }
  const open = openName === undefined ? undefined : lookUp(optionsFor(command), openName);
  return { command, positionals, given, open, areOptionsOver };
}

function optionsFor(command: Command | undefined): Readonly<Record<string, Option>> {
  return { ...GLOBALS, ...command?.options };
}

/** The flags that were not given yet, or can be given again; those of the command come first. */
function flagsFor({ command, given }: Read): Candidate[] {
  return Object.entries<Option>({ ...command?.options, ...GLOBALS }).flatMap(([name, { describe, many, deniable }]) => {
    if (given.has(name) && many !== true) return [];
    const denied = deniable === true || name === 'color' ? [{ value: `--no-${name}`, about: describe }] : [];
    return [{ value: `--${name}`, about: describe }, ...denied];
  });
}

function positionalAt({ positionals }: Command, index: number): Positional | undefined {
  const all = Object.values(positionals);
  const last = all.at(-1);
  return all[index] ?? (last?.many === true ? last : undefined);
}

/** Where values are looked for: the project that the command line is about. */
function contextOf(
  { cwd, files, state, environment, send, commands }: Context,
  { given, positionals }: Read,
): CompletionContext {
  const [folder, url] = [given.get('project'), given.get('url')];
  return { cwd, files, state, environment, send, commands, folder, url, taken: positionals };
}

/** The values that an argument can have. */
async function valuesAt(argument: Option | Positional, place: CompletionContext): Promise<Candidates> {
  const { values } = argument;
  const option = 'type' in argument ? argument : undefined;
  if (values === 'files' || ['file', 'folder'].includes(option?.value ?? '')) return { kind: 'files', candidates: [] };
  const menu = option?.menu?.();
  const known = menu?.map(({ value, hint }) => ({ value, about: hint })) ?? option?.choices ?? values ?? [];
  if (typeof known !== 'string') {
    const candidates = known.map((each) => (typeof each === 'string' ? { value: each } : each));
    return { kind: 'words', candidates };
  }
  const { VALUES } = await import('./values.ts');
  const found = await VALUES[known](place);
  if (found === 'files') return { kind: found, candidates: [] };
  const taken = new Set('many' in argument && argument.many === true ? listOf(place.taken) : []);
  return { kind: 'words', candidates: found.filter(({ value }) => !taken.has(value)) };
}
