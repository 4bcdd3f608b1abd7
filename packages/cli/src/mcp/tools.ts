import { CREATE_TYPES, SECTIONS } from '@connectorkit/sdk';
import { FUNCTIONS, signatureOf } from '@connectorkit/sdk/iml';
import type { Result } from '../command.ts';
import { connect } from '../commands/connect.ts';
import { connections } from '../commands/connections.ts';
import { diff } from '../commands/diff.ts';
import { explain } from '../commands/explain.ts';
import { iml } from '../commands/iml.ts';
import { push } from '../commands/push.ts';
import { test } from '../commands/test.ts';
import { validate } from '../commands/validate.ts';
import { plural } from '../output/text.ts';
import { connected } from './sign-ins.ts';
import { type Annotations, runCommand, type Tool } from './tool.ts';

const TEXT = { type: 'string' } as const;
const WORD = { type: 'string', minLength: 1 } as const;
const YES_OR_NO = { type: 'boolean' } as const;
const COUNT = { type: 'integer', minimum: 0 } as const;
const IDS = { type: 'array', items: WORD, description: 'Ids of connections (default: all).' } as const;
const CONNECTION = { ...WORD, description: 'Id of a connection (default: the only one).' } as const;
const ORIGIN = {
  ...WORD,
  description:
    'Name of an origin in connector.json (default: harness, which is the emulator on this machine). Any other must have been allowed when the server was started.',
} as const;
const OVER = {
  type: 'array',
  items: WORD,
  description:
    'Parts that someone else changed and that are to be overwritten, such as `main/api` or `api`. Ask the person first.',
} as const;
const DESTROY = { ...YES_OR_NO, description: 'Delete what was removed here. Ask the person first.' } as const;
const LINES = { type: 'array', items: TEXT } as const;

const object = (properties: Readonly<Record<string, unknown>>) => ({ type: 'object', properties }) as const;
const list = (properties: Readonly<Record<string, unknown>>) => ({ type: 'array', items: object(properties) }) as const;

const READS: Annotations = {
  readOnlyHint: true,
  destructiveHint: false,
  idempotentHint: true,
  openWorldHint: false,
};

const TRACE = object({ steps: { ...list({}), description: 'Each step with its requests and responses.' } });

/** Describes a connected connection. Of stored values only the names. */
const CONNECTED = {
  status: { enum: ['connected', 'waiting', 'failed'] },
  signIn: { ...TEXT, description: 'While it waits: what finish_connect is called with.' },
  url: { ...TEXT, description: 'While it waits: the address that a person opens.' },
  id: { ...TEXT, description: 'What trace is called with.' },
  connection: TEXT,
  local: YES_OR_NO,
  stored: LINES,
  name: { description: 'The account, as its users see it.' },
  expires: TEXT,
  trace: TRACE,
};

/** Every tool, in the order in which an agent meets them. */
export const TOOLS: readonly Tool[] = [
  {
    name: 'validate',
    title: 'Validate connections',
    description:
      'Reports every problem of the project, or of a text before it is written to a file: each with its place, a hint and often a fix. Call it after every change. Changes nothing.',
    input: {
      connections: IDS,
      text: { ...TEXT, description: 'Text of one section, in place of the files; needs `section`.' },
      section: { enum: SECTIONS.map(({ name }) => name), description: 'With text: the section that it is.' },
      connection: { ...WORD, description: 'With text: the connection in which it is validated.' },
      type: {
        enum: Object.keys(CREATE_TYPES),
        description: 'With text and without connection: the type of the connection.',
      },
      explain: { ...YES_OR_NO, description: 'Explain each code that is reported.' },
    },
    data: object({
      connections: LINES,
      clean: { ...LINES, description: 'The connections without problems.' },
      errors: COUNT,
      warnings: COUNT,
      infos: COUNT,
      pages: { type: 'object', description: 'By code, with explain: what it means.' },
    }),
    annotations: READS,
    reports: true,
    run({ input: { connections: ids, text, section, connection, type, explain: explained }, context }) {
      const given = { connections: ids, explain: explained };
      if (text === undefined && section === undefined) return runCommand(validate, given, context);
      const stdin = async () => text ?? '';
      return runCommand(validate, { ...given, stdin: true, as: section, connection, type }, { ...context, stdin });
    },
  },
  {
    name: 'explain',
    title: 'Explain a code',
    description: 'Explains a code that a diagnostic has: what is wrong, why that is a problem, and what to do.',
    input: { code: { ...WORD, description: 'Such as `oauth/token-never-runs`.' } },
    required: ['code'],
    data: object({ code: TEXT, title: TEXT, why: TEXT, remedy: TEXT, severity: TEXT }),
    annotations: READS,
    reports: true,
    run: ({ input: { code }, context }) => runCommand(explain, { code }, context),
  },
  {
    name: 'evaluate',
    title: 'Evaluate an expression',
    description:
      'Evaluates an IML template such as `Bearer {{connection.token}}` with the given variables, and gives its value and type. Never give it real secrets: what is given is kept with the conversation.',
    input: {
      template: { ...TEXT, description: 'Text with expressions in {{ }}.' },
      variables: { type: 'object', description: 'Values by name, such as {"parameters": {"shop": "acme"}}.' },
      at: { ...WORD, description: 'Check which variables exist at this place, such as `api.token.body`.' },
    },
    required: ['template'],
    data: object({
      template: TEXT,
      type: { ...TEXT, description: 'The type as far as it is known before.' },
      kind: { ...TEXT, description: 'The type of the value.' },
      value: { description: 'Absent where it is undefined; a buffer is in Base64.' },
    }),
    annotations: { ...READS, idempotentHint: false },
    reports: true,
    run({ input: { template, variables, at }, context }) {
      if (variables === undefined) return runCommand(iml, { template, at }, context);
      const stdin = async () => JSON.stringify(variables);
      return runCommand(iml, { template, at, data: '-' }, { ...context, stdin });
    },
  },
  {
    name: 'list_functions',
    title: 'List the functions of expressions',
    description: 'Lists the functions that can be called in {{ }}: each with its signature, a sentence and an example.',
    input: { search: { ...TEXT, description: 'A word of the name or the description (default: all functions).' } },
    data: object({ functions: list({ name: TEXT, signature: TEXT, summary: TEXT, example: object({}) }) }),
    annotations: READS,
    reports: true,
    run: ({ input: { search = '' } }) => functionsWith(search),
  },
  {
    name: 'test',
    title: 'Run tests',
    description:
      'Runs the tests of connections, with the responses that the tests hold: no request is sent. Changes nothing.',
    input: { connections: IDS, coverage: { ...YES_OR_NO, description: 'Say what of the sections no test reaches.' } },
    data: object({
      connections: LINES,
      passed: COUNT,
      failed: COUNT,
      cases: list({ connection: TEXT, file: TEXT, name: TEXT, passed: YES_OR_NO }),
      coverage: list({}),
    }),
    annotations: READS,
    reports: true,
    run: ({ input: { connections: ids, coverage }, context }) =>
      runCommand(test, { connections: ids, coverage }, context),
  },
  {
    name: 'diff',
    title: 'Compare with an origin',
    description:
      'Shows what a push would change on an origin, and what others changed there since the last one. Changes nothing.',
    input: { origin: ORIGIN },
    data: object({
      origin: TEXT,
      url: TEXT,
      app: { type: ['string', 'null'] },
      changes: { ...list({}), description: 'What a push would do.' },
      behind: { ...list({}), description: 'What others changed.' },
      common: { ...list({}), description: 'The names of values of common that differ.' },
      strangers: { ...list({}), description: 'Connections that are there and not here.' },
    }),
    annotations: { ...READS, openWorldHint: true },
    reports: true,
    run: ({ input: { origin = 'harness' }, context }) => runCommand(diff, { origin }, context),
  },
  {
    name: 'push',
    title: 'Push to an origin',
    description:
      'Pushes the project to the harness, or to another origin that was allowed; look at the plan with diff or dryRun first. What others changed there is never overwritten unless `ours` names it. An app or a connection that is not there yet is created.',
    input: {
      origin: ORIGIN,
      dryRun: { ...YES_OR_NO, description: 'Give the plan and change nothing.' },
      ours: OVER,
      allowDestructive: DESTROY,
    },
    data: object({
      origin: TEXT,
      url: TEXT,
      app: TEXT,
      connections: { type: 'object', description: 'Id → name there.' },
      changes: list({ action: TEXT, connection: TEXT, section: TEXT }),
    }),
    annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: true },
    reports: false,
    run({ input: { origin = 'harness', dryRun, ours, allowDestructive }, context }) {
      const more = { 'dry-run': dryRun, ours: ours?.join(','), 'allow-destructive': allowDestructive };
      // The person agrees to the call, which is what the command asks for.
      return runCommand(push, { origin, ...more, yes: true }, context);
    },
  },
  {
    name: 'connect',
    title: 'Connect a connection',
    description:
      'Connects as a user of the connection would, and stores the result on this machine. By default with the local provider of the harness, which signs in by itself. With api: true with the real API, whose addresses must have been allowed; if someone has to sign in, it gives the address for the person to open, and finish_connect gives the result.',
    input: {
      connection: CONNECTION,
      api: { ...YES_OR_NO, description: 'Use the real API and not the local provider.' },
      harness: {
        ...YES_OR_NO,
        description: 'Connect in the harness what was pushed there, as the platform would, with the local provider.',
      },
      scopes: { type: 'array', items: WORD, description: 'Additional scopes to request.' },
      input: {
        ...WORD,
        description:
          'Path of a JSON file with the values of the form. Ask the person to write it: credentials do not belong into the conversation.',
      },
      port: { type: 'integer', minimum: 0, maximum: 65_535, description: 'With api: the port of the redirect URI.' },
    },
    data: object(CONNECTED),
    annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: true },
    reports: false,
    async run({ input: { connection, api = false, harness = false, scopes, input, port }, context, signIns }) {
      const given = { connection, scopes, input, harness };
      if (api) return signIns.start(context, { ...given, port });
      return connected(await runCommand(connect, { ...given, local: true, headless: true }, context));
    },
  },
  {
    name: 'finish_connect',
    title: 'Wait until a person has signed in',
    description:
      'Gives the result of a connection with a real API once the person has signed in. Waits less than a minute; call it again as long as the status is `waiting`.',
    input: { signIn: { ...WORD, description: 'What connect gave.' } },
    required: ['signIn'],
    data: object(CONNECTED),
    annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: true },
    reports: false,
    run: ({ input: { signIn }, context, signIns }) => signIns.finish(context, signIn),
  },
  {
    name: 'trace',
    title: 'Show the last run of a connected connection',
    description:
      'Shows each request, response and expression of the last run, without secrets; without an id, lists the connections that were connected. Changes nothing.',
    input: {
      id: { ...WORD, description: 'What connect gave (default: list them).' },
      harness: { ...YES_OR_NO, description: 'Those that were connected in the harness.' },
    },
    data: object({ trace: { ...TRACE, type: ['object', 'null'] }, connections: list({ id: TEXT }) }),
    annotations: READS,
    reports: false,
    run: ({ input: { id, harness }, context }) =>
      runCommand(connections, { action: id === undefined ? 'list' : 'trace', id, harness }, context),
  },
];

function functionsWith(search: string): Result {
  const word = search.toLowerCase();
  const all = [...FUNCTIONS.values()];
  const found = all.filter(({ name, summary }) => `${name} ${summary}`.toLowerCase().includes(word));
  const functions = found.map(({ name, parameters, summary, example }) => {
    return { name, signature: signatureOf(name, parameters), summary, example };
  });
  return { data: { functions }, summary: `${plural(functions.length, 'function')} of ${all.length}.` };
}
