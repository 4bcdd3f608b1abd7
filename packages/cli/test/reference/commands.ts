import { type Command, EXIT_CODES } from '../../src/command.ts';
import { COMMANDS } from '../../src/commands/index.ts';
import { ENVIRONMENT } from '../../src/environment.ts';
import { GLOBALS } from '../../src/global-options.ts';
import { optionRows, usageOf } from '../../src/help.ts';
import { code, fenced, type Page, prose, sentence, table } from './markdown.ts';

const PROGRAM = 'connector';

/** Every command, with its arguments, options and examples. */
export function commandsPage(): Page {
  return {
    title: 'Commands',
    blocks: [
      '`connector <command> --help` prints the same in a terminal. In a project with the package, write `npx connector`.',
      table(
        ['command', 'what it does'],
        COMMANDS.map(({ name, summary }) => [`[${code(`${PROGRAM} ${name}`)}](#${PROGRAM}-${name})`, prose(summary)]),
      ),
      '## Options of every command',
      options(GLOBALS),
      ...COMMANDS.flatMap(commandBlocks),
    ],
  };
}

function commandBlocks(command: Command): string[] {
  const { name, summary, positionals, examples } = command;
  return [
    `## ${PROGRAM} ${name}`,
    sentence(summary),
    fenced('text', usageOf(command, PROGRAM)),
    table(
      ['argument', 'meaning'],
      Object.entries(positionals).map(([each, { describe }]) => [code(each), prose(describe)]),
    ),
    options(command.options),
    examples.length === 0 ? '' : fenced('sh', aligned(examples)),
  ];
}

function options(entries: Command['options']): string {
  return table(
    ['option', 'meaning'],
    optionRows(entries).map(([flag, meaning]) => [
      code(flag),
      prose(meaning).replace('listed below', 'see [Templates](templates.md)'),
    ]),
  );
}

/** Command lines, each with what it does beside it. */
function aligned(examples: Command['examples']): string {
  const width = Math.max(...examples.map(([line]) => line.length));
  return examples.map(([line, does]) => `${line.padEnd(width)}  # ${does}`).join('\n');
}

/** How commands end. */
export function exitCodesPage(): Page {
  return {
    title: 'Exit codes',
    blocks: [
      'Every command ends with one of these. `connector help exit-codes` prints the same. ',
      table(
        ['exit code', 'meaning'],
        Object.values(EXIT_CODES).map((each) => [String(each.code), sentence(each.meaning)]),
      ),
    ],
  };
}

/** Variables that commands read. */
export function environmentPage(): Page {
  return {
    title: 'Environment variables',
    blocks: [
      '`connector help environment` prints the same. What is not named here is not read, beside what Node.js itself reads, such as `NODE_EXTRA_CA_CERTS`, and the folders of the user: `XDG_CONFIG_HOME` and `XDG_CACHE_HOME`, on Windows `APPDATA` and `LOCALAPPDATA`.',
      table(
        ['variable', 'meaning'],
        Object.entries(ENVIRONMENT).map(([name, does]) => [name.split(', ').map(code).join(', '), sentence(does)]),
      ),
      'Which token is sent to which host: [Tokens and hosts](../how-to/sync.md#tokens-and-hosts).',
    ],
  };
}
