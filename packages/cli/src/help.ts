import { typed } from './arguments.ts';
import type { Command, Option } from './command.ts';
import { COMMANDS } from './commands/index.ts';
import { GLOBALS } from './global-options.ts';
import { wrapped } from './output/text.ts';

/** The introduction that help shows when no command is named. */
const INTRODUCTION = 'Create, validate, type, push and emulate the connections of low-code connectors.';
const EPILOGUE = 'Exit codes: connector help exit-codes. Environment: connector help environment.';
/** Columns; longer lines are hard to read. */
const WIDEST = 100;

/** A title, and rows of a name and what is said about it. */
type Table = readonly [title: string, rows: readonly (readonly [name: string, text: string])[]];

/** The help of a command, or of the program, on lines of so many columns. */
export function helpOf(command: Command | undefined, program: string, columns: number): string {
  const width = Math.min(columns, WIDEST);
  const {
    introduction,
    tables,
    end = [],
  } = command === undefined ? programHelp(program) : commandHelp(command, program);
  const parts = [
    ...introduction.map((text) => wrapped(text, width)),
    ...tables.filter(([, rows]) => rows.length > 0).map((table) => tableLines(table, width)),
    ...(command === undefined ? [] : menusOf(command, width)),
    ...end.map((text) => wrapped(text, width)),
  ];
  return parts.map((lines) => lines.join('\n')).join('\n\n');
}

interface Help {
  /** Paragraphs. */
  readonly introduction: readonly string[];
  readonly tables: readonly Table[];
  /** Paragraphs. */
  readonly end?: readonly string[];
}

function programHelp(program: string): Help {
  const commands = COMMANDS.map((each) => [[program, each.name, ...wordsOf(each)].join(' '), each.summary] as const);
  return {
    introduction: [`${program} <command> [options]`, INTRODUCTION],
    tables: [
      ['Commands:', commands],
      ['Global options:', optionRows(GLOBALS)],
    ],
    end: [EPILOGUE],
  };
}

function commandHelp(command: Command, program: string): Help {
  const { positionals, options, examples, summary } = command;
  return {
    introduction: [usageOf(command, program), sentence(summary)],
    tables: [
      ['Arguments:', Object.entries(positionals).map(([each, { describe }]) => [each, describe])],
      ['Options:', optionRows(options)],
      ['Global options:', optionRows(GLOBALS)],
      [
        'Examples:',
        examples.map(([line, does]) => [line.replace(`connector ${command.name}`, typed(command, program)), does]),
      ],
    ],
  };
}

/** How a command is written, with its arguments. */
export function usageOf(command: Command, program: string): string {
  const words = wordsOf(command).map((word, index) => {
    return Object.values(command.positionals)[index]?.required ? `<${word.slice(1, -1)}>` : word;
  });
  return [typed(command, program), ...words, '[options]'].join(' ');
}

/** Two columns, of which the first takes at most half of the width. */
function tableLines([title, rows]: Table, width: number): string[] {
  const first = Math.min(Math.max(...rows.map(([name]) => name.length)), Math.floor(width / 2));
  return [title, ...rows.flatMap((row) => rowLines(row, first, width, '  '))];
}

/** A row on as many lines as its longer cell needs. */
function rowLines([name, text]: Table[1][number], first: number, width: number, indent: string): string[] {
  const names = wrapped(name, first);
  const texts = wrapped(text, width - indent.length - first - 2);
  return Array.from({ length: Math.max(names.length, texts.length) }, (_, index) => {
    return `${indent}${(names[index] ?? '').padEnd(first)}  ${texts[index] ?? ''}`.trimEnd();
  });
}

/** Choices of the options with a menu, in its groups. */
function menusOf({ options }: Command, width: number): string[][] {
  return Object.entries<Option>(options).flatMap(([name, { menu }]) => {
    const items = menu?.() ?? [];
    const first = Math.max(0, ...items.map(({ value }) => value.length));
    const lines = items.flatMap(({ option, value, hint, group }, index) => {
      const isNew = group !== items[index - 1]?.group;
      const title = `  ${group}${option === name ? '' : ` (--${option})`}:`;
      return [...(isNew ? [title] : []), ...rowLines([value, hint], first, width, '    ')];
    });
    return lines.length === 0 ? [] : [[`To start from, with --${name}:`, ...lines]];
  });
}

/** The positionals as they are written in the list of commands, where all are optional. */
function wordsOf({ positionals }: Command): string[] {
  return Object.entries(positionals).map(([name, { many }]) => `[${name}${many ? '..' : ''}]`);
}

/** Options as they are written, each with what it does. */
export function optionRows(options: Readonly<Record<string, Option>>): Table[1] {
  return Object.entries(options).map(([name, option]) => [`--${written(name, option)}`, described(option)]);
}

/** The option with the name of its value. */
function written(name: string, { type, value, bare }: Option): string {
  if (type === 'boolean') return name;
  return bare === undefined ? `${name} <${value ?? name}>` : `${name} [${value ?? name}]`;
}

function described(option: Option): string {
  const { describe, choices, menu, default: preset } = option;
  const notes = [
    menu === undefined ? (choices?.join(', ') ?? '') : 'listed below',
    preset === undefined ? '' : `default ${preset}`,
  ];
  const note = notes.filter((each) => each !== '').join('; ');
  return note === '' ? describe : `${describe} (${note})`;
}

function sentence(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}.`;
}
