import type { Option } from './command.ts';
import { checkFormat, FORMAT_NAMES } from './targets.ts';

/** Options of every command. */
export const GLOBALS = {
  project: { type: 'string', value: 'folder', describe: 'Folder of the project, or a folder inside it' },
  format: {
    type: 'string',
    many: true,
    value: 'format',
    get describe() {
      return `Output format: ${FORMAT_NAMES.join(', ')}; <format>=<file> writes to a file as well`;
    },
    check: checkFormat,
    values: FORMAT_NAMES,
  },
  json: { type: 'boolean', describe: 'Print one JSON object on stdout; same as --format json' },
  color: { type: 'boolean', describe: 'Use colours; --no-color turns them off' },
  quiet: { type: 'boolean', describe: 'Print only results and errors' },
  help: { type: 'boolean', describe: 'Show help' },
  version: { type: 'boolean', describe: 'Show the version' },
} as const satisfies Record<string, Option>;
