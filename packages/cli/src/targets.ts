import { type Diagnostic, nearest } from '@connectorkit/sdk';
import type { Check } from './command.ts';
import { FORMATS } from './output/index.ts';

/** Where a format goes: into a file, or to stdout when none is named. */
export interface Target {
  readonly format: keyof typeof FORMATS;
  /** As it was typed: relative to the folder in which the command was started. */
  readonly file?: string;
}

export const FORMAT_NAMES = Object.keys(FORMATS) as readonly Target['format'][];

/** Checks a value of --format: `junit`, or `sarif=report.sarif`. */
export const checkFormat: Check = (value) => {
  const { format, file } = split(value);
  if (!isFormat(format)) {
    const meant = nearest(format, FORMAT_NAMES);
    return {
      code: 'usage/arguments',
      message: `${JSON.stringify(format)} is not a value of --format.`,
      hint: meant === undefined ? `Values are ${FORMAT_NAMES.join(', ')}.` : `Did you mean ${meant}?`,
    };
  }
  if (file !== '') return undefined;
  return {
    code: 'usage/arguments',
    message: `--format ${format}= has no file name.`,
    hint: `Write --format ${format} for stdout, or --format ${format}=<file>.`,
  };
};

/**
 * Where each format goes. Only one can have stdout, and no file can be written twice; what is repeated word by word
 * counts once. Values that will not do are left out: their own problem is reported.
 */
export function targetsOf(
  values: readonly string[],
  json: boolean,
): { readonly targets: readonly Target[]; readonly problem?: Omit<Diagnostic, 'severity'> } {
  const written = [...new Set([...(json ? ['json'] : []), ...values])];
  const targets = written.flatMap((value): Target[] => {
    const { format, file } = split(value);
    if (!isFormat(format) || file === '') return [];
    return [file === undefined || file === '-' ? { format } : { format, file }];
  });
  const [first, second] = targets.filter(({ file }) => file === undefined);
  if (first !== undefined && second !== undefined) {
    return {
      targets: [first],
      problem: {
        code: 'usage/arguments',
        message: `${first.format} and ${second.format} cannot both be printed on stdout.`,
        hint: `Give one of them a file: --format ${second.format}=<file>.`,
      },
    };
  }
  const twice = targets.find(({ file }, index) => file && targets.findIndex((each) => each.file === file) < index);
  if (twice === undefined) return { targets };
  const message = `${JSON.stringify(twice.file)} is to be written in two formats.`;
  return {
    targets: targets.filter(({ file }) => file === undefined),
    problem: { code: 'usage/arguments', message, hint: 'Choose a different file for each format.' },
  };
}

function split(value: string): { readonly format: string; readonly file?: string } {
  const at = value.indexOf('=');
  return at < 0 ? { format: value } : { format: value.slice(0, at), file: value.slice(at + 1) };
}

function isFormat(word: string): word is Target['format'] {
  return Object.hasOwn(FORMATS, word);
}
