import yargs, { type Argv } from 'yargs';
import { GLOBALS, typed } from './arguments.ts';
import type { Command, Option } from './command.ts';
import { COMMANDS } from './commands/index.ts';

/** The introduction that help shows when no command is named. */
const INTRODUCTION = 'Create, validate, type, push and emulate the connections of low-code connectors.';
const EPILOGUE = 'Exit codes: connector help exit-codes. Environment: connector help environment.';
/** Columns; longer lines are hard to read. */
const WIDEST = 100;

/** The help of a command, or of the program, on lines of so many columns. */
export async function helpOf(command: Command | undefined, program: string, columns: number): Promise<string> {
  const argv = command === undefined ? [] : [command.name];
  const parser = yargs(argv)
    .scriptName(program)
    .locale('en')
    .version(false)
    .exitProcess(false)
    .fail(false)
    .usage(`${program} <command> [options]\n\n${INTRODUCTION}`)
    .epilogue(EPILOGUE)
    .wrap(Math.min(columns, WIDEST))
    .help(false);
  // Not in yargs' types.
  (parser as Argv & { usageConfiguration(options: object): Argv }).usageConfiguration({ 'hide-types': true });
  parser.updateStrings({ 'Positionals:': 'Arguments:' });
  for (const [name, option] of Object.entries<Option>(GLOBALS)) {
    parser.option(written(name, option), { ...described(option), group: 'Global options:' });
  }
  for (const each of COMMANDS) {
    parser.command([each.name, ...wordsOf(each)].join(' '), each.summary, (inner: Argv) => {
      describeCommand(inner, each, program);
    });
  }
  return parser.getHelp();
}

function describeCommand(inner: Argv, command: Command, program: string): void {
  const words = wordsOf(command).map((word, index) => {
    return Object.values(command.positionals)[index]?.required ? `<${word.slice(1, -1)}>` : word;
  });
  inner.usage(`${[typed(command, program), ...words].join(' ')} [options]\n\n${sentence(command.summary)}`);
  inner.epilogue(menusOf(command));
  for (const [name, { describe }] of Object.entries(command.positionals)) {
    inner.positional(name, { type: 'string', describe });
  }
  for (const [name, option] of Object.entries(command.options)) {
    inner.option(written(name, option), { ...described(option), group: 'Options:' });
  }
  for (const [line, does] of command.examples) {
    inner.example(line.replace(`connector ${command.name}`, typed(command, program)), does);
  }
}

/** What the options with a menu offer, in its groups. */
function menusOf({ options }: Command): string {
  const parts = Object.entries<Option>(options).flatMap(([name, { menu }]) => {
    const items = menu?.() ?? [];
    const width = Math.max(0, ...items.map(({ value }) => value.length));
    const lines = items.flatMap(({ option, value, hint, group }, index) => {
      const line = `    ${value.padEnd(width)}  ${hint}`;
      return group === items[index - 1]?.group
        ? [line]
        : [`  ${group}${option === name ? '' : ` (--${option})`}:`, line];
    });
    return lines.length === 0 ? [] : [`To start from, with --${name}:`, ...lines];
  });
  return parts.join('\n');
}

/** The positionals as yargs writes optional ones; it would itself complain about those that it takes for required. */
function wordsOf({ positionals }: Command): string[] {
  return Object.entries(positionals).map(([name, { many }]) => `[${name}${many ? '..' : ''}]`);
}

/** The option with the name of its value: nothing is parsed with these names. */
function written(name: string, { type, value, bare }: Option): string {
  if (type === 'boolean') return name;
  return bare === undefined ? `${name} <${value ?? name}>` : `${name} [${value ?? name}]`;
}

function described(option: Option) {
  const { type, describe, choices, default: preset } = option;
  const { menu } = option;
  const notes = [
    menu === undefined ? (choices?.join(', ') ?? '') : 'one of those below',
    preset === undefined ? '' : `default ${preset}`,
  ];
  const note = notes.filter((each) => each !== '').join('; ');
  return { type, describe: note === '' ? describe : `${describe} (${note})` };
}

function sentence(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}.`;
}
