import { CREATE_TYPES } from '@connectorkit/sdk';
import { command, type Module } from '../command.ts';

export const validate = command({
  name: 'validate',
  summary: 'validate the project, and fix what can be fixed safely',
  positionals: {
    connections: {
      describe: 'Ids of the connections to validate (default: all)',
      example: 'main',
      many: true,
      values: 'connections',
    },
  },
  options: {
    fix: { type: 'boolean', describe: 'Fix what has one certain fix' },
    'dry-run': { type: 'boolean', describe: 'With --fix: show the changes without writing them' },
    watch: { type: 'boolean', describe: 'Keep running, and validate again when a file changes' },
    changed: {
      type: 'string',
      value: 'ref',
      bare: 'HEAD',
      describe: 'Validate only connections changed since <ref> (default: HEAD)',
    },
    rule: {
      type: 'string',
      many: true,
      value: 'code=severity',
      describe: 'Override the severity of a code: off, info, warning or error',
    },
    'max-warnings': {
      type: 'number',
      value: 'n',
      describe: 'Fail when there are more than <n> warnings',
      whole: true,
      between: [0, 999_999_999],
    },
    explain: { type: 'boolean', describe: 'Explain each code below its first problem' },
    stdin: { type: 'boolean', describe: 'Validate text from stdin; requires --as' },
    as: {
      type: 'string',
      value: 'section',
      values: 'sections',
      describe: 'With --stdin: the section that the text belongs to',
    },
    type: {
      type: 'string',
      value: 'type',
      describe: 'With --stdin: the connection type to validate it for',
      choices: Object.keys(CREATE_TYPES) as (keyof typeof CREATE_TYPES)[],
    },
    connection: {
      type: 'string',
      value: 'id',
      describe: 'With --stdin: the connection of the project to validate it in',
      values: 'connections',
    },
  },
  examples: [
    ['connector validate', 'the whole project'],
    ['connector validate main', 'one connection'],
    ['connector validate --fix', 'fix what can be fixed safely'],
    ['connector validate --watch', 'validate on every save'],
    ['connector validate --changed origin/main', 'only what this branch changes'],
    ['connector validate --format sarif=report.sarif --format github', 'reports for CI'],
    ['connector validate --max-warnings 0 --rule source/trailing-comma=off', 'stricter, with one code turned off'],
    ['connector validate --stdin --as parameters', 'text from an editor'],
    ['connector validate --json', 'for programs'],
  ],
  load: (): Promise<Module> => import('./validate.run.ts'),
});
