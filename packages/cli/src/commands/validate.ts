import { CREATE_TYPES } from '@connectorkit/sdk';
import { type Check, command, type Module } from '../command.ts';

export const validate = command({
  name: 'validate',
  summary: 'finds what is wrong with the project, and mends what can be mended',
  positionals: {
    connections: { describe: 'Only these connections, by their ids', example: 'main', many: true },
  },
  options: {
    fix: { type: 'boolean', describe: 'Mend what can be mended without a doubt' },
    'dry-run': { type: 'boolean', describe: 'With --fix: show what would be mended, and write nothing' },
    watch: { type: 'boolean', describe: 'Go on, and validate again whenever a file changes' },
    changed: {
      type: 'string',
      value: 'ref',
      bare: 'HEAD',
      describe: 'Only connections that git says changed since the commit, since the last one unless said',
    },
    rule: {
      type: 'string',
      many: true,
      value: 'code=severity',
      describe: 'What a problem counts as: off, info, warning or error',
    },
    'max-warnings': { type: 'number', value: 'n', describe: 'Fail when there are more warnings', check: checkCount },
    explain: { type: 'boolean', describe: 'Print the page of each code below its first problem' },
    stdin: { type: 'boolean', describe: 'Validate the text on stdin; needs --as' },
    as: { type: 'string', value: 'section', describe: 'With --stdin: the section that the text is' },
    type: {
      type: 'string',
      value: 'type',
      describe: 'With --stdin: the type of connection that the text is for',
      choices: Object.keys(CREATE_TYPES) as (keyof typeof CREATE_TYPES)[],
    },
    connection: {
      type: 'string',
      value: 'id',
      describe: 'With --stdin: the connection of the project that the text is for',
    },
  },
  examples: [
    ['connector validate', 'the whole project'],
    ['connector validate main', 'one connection'],
    ['connector validate --fix', 'mend what can be mended'],
    ['connector validate --watch', 'again on every save'],
    ['connector validate --changed origin/main', 'what this branch changes'],
    ['connector validate --format sarif=report.sarif --format github', 'reports for CI'],
    ['connector validate --max-warnings 0 --rule source/trailing-comma=off', 'stricter, or less so'],
    ['connector validate --stdin --as parameters', 'the text of an editor'],
    ['connector validate --json', 'for programs'],
  ],
  load: (): Promise<Module> => import('./validate.run.ts'),
});

function checkCount(value: string): ReturnType<Check> {
  if (/^\d{1,9}$/.test(value)) return undefined;
  return {
    code: 'usage/arguments',
    message: `--max-warnings takes a whole number, not ${JSON.stringify(value)}.`,
    hint: 'Write --max-warnings <n>.',
  };
}
