import { type Diagnostic, lookUp, nearest } from '@connectorkit/sdk';
import Parser from 'yargs-parser';
import { type Check, type Command, listOf, type MenuItem, type Option, optionsOf } from './command.ts';
import { COMMANDS } from './commands/index.ts';
import { GLOBALS } from './global-options.ts';
import { shellWord } from './shell-word.ts';
import { type Target, targetsOf } from './targets.ts';

export interface Globals {
  readonly project: string | undefined;
  /** Where results are printed, and how. */
  readonly targets: readonly Target[];
  readonly json: boolean;
  readonly color: boolean | undefined;
  readonly quiet: boolean;
  readonly help: boolean;
  readonly version: boolean;
}

/** A command line as it was understood. */
export interface Parsed {
  readonly command: Command | undefined;
  /** Values by the names of positionals and options; what was not given has its default or is undefined. */
  readonly args: Readonly<Record<string, unknown>>;
  readonly globals: Globals;
  /** Unknown words and options, and values that will not do. What is missing is no problem yet. */
  readonly problems: readonly Diagnostic[];
}

/** A positional or option that must be given and was not. */
export interface Missing {
  readonly name: string;
  /** How it is written: `<name>` or `--template`. */
  readonly flag: string;
  readonly describe: string;
  readonly example: string;
  readonly menu?: readonly MenuItem[] | undefined;
  readonly check: Check | undefined;
}

/** Reads a command line. Never throws for what the user wrote. */
export function parseArguments(argv: readonly string[], program: string): Parsed {
  const values = read(argv);
  const [word, ...words] = values._.map(String);
  const command = COMMANDS.find((each) => each.name === word);
  const { positionals, surplus } = positionalsOf(command, words);
  const problems: Diagnostic[] = [];
  if (word !== undefined && command === undefined) problems.push(unknownCommand(word, program));
  else {
    problems.push(...unknownOptions(values, command, program));
    for (const extra of surplus) problems.push(surplusWord(extra, command, program));
    problems.push(...faultyValues({ ...values, ...positionals }, command));
  }
  const { targets, problem } = targetsOf(listOf(values.format), values.json === true);
  if (problem !== undefined) problems.push({ ...problem, severity: 'error' });
  const given = (name: string) => (values[name] === '' ? undefined : values[name]);
  const globals: Globals = {
    project: given('project') as string | undefined,
    targets,
    json: values.json === true,
    color: given('color') as boolean | undefined,
    quiet: values.quiet === true,
    help: values.help === true,
    version: values.version === true,
  };
  return { command, args: { ...positionals, ...optionsOf(command?.options ?? {}, values) }, globals, problems };
}

interface Values {
  readonly [name: string]: unknown;
  readonly _: readonly (string | number)[];
}

/**
 * The options of all commands are read together, since the line has to be read to find which command it is.
 * Numbers are read as strings, so that what was written can be shown when it is none.
 */
function read(argv: readonly string[]): Values {
  const options = [GLOBALS, ...COMMANDS.map((each) => each.options)].flatMap((each) => Object.entries<Option>(each));
  const flags = new Set<string>();
  const valued = new Set<string>();
  const repeatable = new Set<string>();
  for (const [name, { type, many }] of options) {
    (type === 'boolean' ? flags : valued).add(name);
    if (many) repeatable.add(name);
  }
  const values = Parser(withStdin(argv, valued), {
    boolean: [...flags],
    string: [...valued],
    configuration: {
      'camel-case-expansion': false,
      'dot-notation': false,
      'parse-numbers': false,
      'parse-positional-numbers': false,
    },
  });
  // What can be given once counts as it was given last.
  const repeated = Object.entries(values).filter(([name, value]) => Array.isArray(value) && name !== '_');
  const last = repeated.filter(([name]) => (flags.has(name) || valued.has(name)) && !repeatable.has(name));
  return { ...values, ...Object.fromEntries(last.map(([name, value]) => [name, listOf(value).at(-1)])) };
}

/** A hyphen is the value of the option before it: the parser would take it for a word of its own. */
function withStdin(argv: readonly string[], valued: ReadonlySet<string>): string[] {
  const joined: string[] = [];
  for (const word of argv) {
    const last = joined.at(-1) ?? '';
    if (word === '-' && last.startsWith('--') && valued.has(last.slice(2))) joined.push(`${joined.pop()}=-`);
    else joined.push(word);
  }
  return joined;
}

/** Returns the arguments that a command needs and was not given. */
export function missingFrom(command: Command, args: Readonly<Record<string, unknown>>): Missing[] {
  const missing: Missing[] = [];
  for (const [name, { required, describe, example, check }] of Object.entries(command.positionals)) {
    if (required === true && args[name] === undefined)
      missing.push({ name, flag: `<${name}>`, describe, example, check });
  }
  for (const [name, option] of Object.entries(command.options)) {
    const { required, describe, example = '', choices, menu } = option;
    if (required === undefined || args[name] !== undefined) continue;
    if (required !== true && required.unless.some((other) => args[other] !== undefined)) continue;
    const items = menu?.() ?? choices?.map((value) => ({ option: name, value, hint: '', group: '' }));
    missing.push({ name, flag: `--${name}`, describe, example, menu: items, check: checkOf(name, option) });
  }
  return missing;
}

/** All that is missing as one problem, with a command that would have worked. */
export function missingProblem(
  command: Command,
  args: Readonly<Record<string, unknown>>,
  missing: readonly Missing[],
  program: string,
): Omit<Diagnostic, 'severity'> {
  const filled = { ...args, ...Object.fromEntries(missing.map(({ name, example }) => [name, example])) };
  const words = [typed(command, program)];
  for (const name of Object.keys(command.positionals)) {
    for (const value of [filled[name]].flat()) if (value !== undefined) words.push(shellWord(String(value)));
  }
  for (const [name, option] of Object.entries(command.options)) {
    for (const value of [filled[name]].flat()) {
      if (value === undefined || value === option.default) continue;
      if (value === false && option.deniable === true) words.push(`--no-${name}`);
      if (value === false) continue;
      words.push(value === true ? `--${name}` : `--${name} ${shellWord(String(value))}`);
    }
  }
  return {
    code: 'usage/missing',
    message: `${typed(command, program)} needs ${listed(missing.map(({ flag }) => flag))}.`,
    hint: `For example: ${words.join(' ')}`,
  };
}

/** How a command is typed: `connector create`, or the program that stands for one command. */
export function typed(command: Command, program: string): string {
  return program === 'connector' ? `connector ${command.name}` : program;
}

function positionalsOf(command: Command | undefined, words: readonly string[]) {
  const positionals: Record<string, string | readonly string[] | undefined> = {};
  let left = words;
  for (const [name, { many }] of Object.entries(command?.positionals ?? {})) {
    positionals[name] = many ? left : left[0];
    left = many ? [] : left.slice(1);
  }
  return { positionals, surplus: left };
}

/** Names that other tools have for our commands → our command. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  init: 'create',
  new: 'create',
  check: 'validate',
  lint: 'validate',
  typegen: 'types',
  start: 'dev',
  serve: 'dev',
  deploy: 'push',
  upload: 'push',
  download: 'pull',
};

/** Names that other tools have for our options → our option. */
const SHORT: Readonly<Record<string, string>> = { h: 'help', v: 'version', V: 'version', q: 'quiet', j: 'json' };

function unknownCommand(word: string, program: string): Diagnostic {
  const names = COMMANDS.map(({ name }) => name);
  const meant = lookUp(ELSEWHERE, word) ?? nearest(word, names);
  return {
    code: 'usage/arguments',
    severity: 'error',
    message: `${JSON.stringify(word)} is not a command.`,
    hint: meant === undefined ? `${program} --help lists the commands.` : `Did you mean ${program} ${meant}?`,
  };
}

function unknownOptions(values: Values, command: Command | undefined, program: string): Diagnostic[] {
  const known = [...Object.keys(GLOBALS), ...Object.keys(command?.options ?? {})];
  const all = new Set([...known, '_', '$0', '--']);
  return Object.keys(values)
    .filter((name) => !all.has(name))
    .map((name) => {
      const dash = name.length === 1 ? '-' : '--';
      const meant = lookUp(SHORT, name) ?? nearest(name, known);
      const help = `${command === undefined ? program : typed(command, program)} --help`;
      return {
        code: 'usage/arguments',
        severity: 'error',
        message: `${dash}${name} is not an option${command === undefined ? '' : ` of ${typed(command, program)}`}.`,
        hint: meant === undefined ? `${help} lists the options.` : `Did you mean --${meant}?`,
      };
    });
}

function surplusWord(word: string, command: Command | undefined, program: string): Diagnostic {
  const name = command === undefined ? program : typed(command, program);
  return {
    code: 'usage/arguments',
    severity: 'error',
    message: `${JSON.stringify(word)} is one argument too many for ${name}.`,
    hint: `${name} --help shows its arguments.`,
  };
}

function faultyValues(values: Readonly<Record<string, unknown>>, command: Command | undefined): Diagnostic[] {
  const faults: Omit<Diagnostic, 'severity'>[] = [];
  for (const [name, option] of Object.entries<Option>({ ...GLOBALS, ...command?.options })) {
    for (const value of [values[name]].flat()) {
      const fault = typeof value === 'string' ? faultOf(name, option, value) : undefined;
      if (fault !== undefined) faults.push(fault);
    }
  }
  for (const [name, { check }] of Object.entries(command?.positionals ?? {})) {
    for (const value of [values[name]].flat()) {
      const fault = typeof value === 'string' ? check?.(value) : undefined;
      if (fault !== undefined) faults.push(fault);
    }
  }
  return faults.map((fault) => ({ ...fault, severity: 'error' }));
}

function faultOf(name: string, option: Option, value: string): ReturnType<Check> {
  if (value !== '') return checkOf(name, option)?.(value);
  if (option.bare !== undefined) return undefined;
  const hint = `Write --${name} <${option.value ?? option.type}>.`;
  return { code: 'usage/arguments', message: `--${name} needs a value.`, hint };
}

function checkOf(name: string, option: Option): Check | undefined {
  const { check, choices, type } = option;
  if (check !== undefined) return check;
  if (type === 'number') return (value) => numberFault(name, option, value);
  if (choices === undefined) return undefined;
  return (value) => {
    if (choices.includes(value)) return undefined;
    const meant = nearest(value, choices);
    return {
      code: 'usage/arguments',
      message: `${JSON.stringify(value)} is not a value of --${name}.`,
      hint: meant === undefined ? `Values are ${choices.join(', ')}.` : `Did you mean ${meant}?`,
    };
  };
}

function numberFault(name: string, { between, whole }: Option, value: string): ReturnType<Check> {
  const number = value.trim() === '' ? Number.NaN : Number(value);
  const [least, greatest] = between ?? [-Number.MAX_VALUE, Number.MAX_VALUE];
  if (number >= least && number <= greatest && (!whole || Number.isInteger(number))) return undefined;
  const range = between === undefined ? '' : ` from ${least} to ${greatest}`;
  const message = `--${name} takes a ${whole ? 'whole ' : ''}number${range}, not ${JSON.stringify(value)}.`;
  return { code: 'usage/arguments', message, hint: `Write --${name} <number>.` };
}

function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}
