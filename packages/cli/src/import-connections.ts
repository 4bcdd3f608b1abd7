import { ConnectorError, type Diagnostic, lookUp } from '@connectorkit/sdk';
import type { Answers, Described, Imported, Question } from '@connectorkit/sdk/openapi';
import type { Check, Context } from './command.ts';
import { isURL } from './import-sources.ts';
import type { Make } from './vendor-documents.ts';

/** The options by which connections are made of what a vendor publishes, and what the document does not say is answered. */
export const IMPORT_OPTIONS = {
  'from-openapi': {
    type: 'string',
    value: 'file|url',
    describe: 'OpenAPI document, 2.0 to 3.2, JSON or YAML, to generate connections from; - for stdin',
    check: withoutCredentials('from-openapi'),
  },
  'from-discovery': {
    type: 'string',
    value: 'file|url',
    describe:
      'Metadata of an authorization server (OpenID Connect, RFC 8414) or of a resource (RFC 9728), or an issuer',
    check: withoutCredentials('from-discovery'),
  },
  connection: {
    type: 'string',
    value: 'name',
    many: true,
    describe: 'Connection of the document to create (default: all)',
  },
  server: { type: 'string', value: 'url', describe: 'Base URL of the API', check: checkServer },
  auth: {
    type: 'string',
    value: 'how',
    describe: 'How requests are authorized: bearer, basic, digest, header:<name>, query:<name> or cookie:<name>',
  },
  prefix: {
    type: 'string',
    value: 'word',
    describe: 'Prefix before the key in its header, such as Bearer, or none',
  },
  verify: {
    type: 'string',
    value: 'request',
    many: true,
    describe: 'Request that verifies the connection, such as "GET /me", an operationId, or a URL; or none',
  },
  'client-auth': {
    type: 'string',
    value: 'place',
    describe: 'Where the OAuth client sends its secret',
    choices: ['body', 'header'],
  },
  refresh: {
    type: 'boolean',
    deniable: true,
    describe: 'The provider issues refresh tokens; --no-refresh: it does not',
  },
  discovery: {
    type: 'string',
    value: 'file|url',
    describe: 'Discovery document of the OpenID provider that the OpenAPI document uses',
    check: withoutCredentials('discovery'),
  },
} as const;

/** An address is written into sections, reports and the history of a shell, so that none may hold a password. */
function withoutCredentials(option: string): Check {
  return (at) => {
    if (!isURL(at)) return undefined;
    const { username, password } = new URL(at);
    if (username === '' && password === '') return undefined;
    return {
      code: 'usage/arguments',
      message: `The address of --${option} holds a user name or a password.`,
      hint:
        option === 'server'
          ? 'Write it without them; the connection sends what the user fills in.'
          : 'Fetch the document with a tool that may know them, and give it as a file.',
    };
  };
}

function checkServer(url: string): ReturnType<Check> {
  const plain = url.replace(/\{[^}]*\}/g, 'x');
  if (isURL(plain)) return withoutCredentials('server')(plain);
  return {
    code: 'usage/arguments',
    message: `${JSON.stringify(url)} is not a base URL.`,
    hint: 'Write it with its scheme: https://api.acme.com/v1',
  };
}

/** Options that say where connections come from, and how. */
export interface ImportArguments {
  readonly 'from-openapi'?: string | undefined;
  readonly 'from-discovery'?: string | undefined;
  readonly connection: readonly string[];
  readonly server?: string | undefined;
  readonly auth?: string | undefined;
  readonly prefix?: string | undefined;
  readonly verify: readonly string[];
  readonly 'client-auth'?: string | undefined;
  readonly refresh?: boolean | undefined;
  readonly discovery?: string | undefined;
}

/**
 * Makes connections of a vendor's document. Where somebody is there, what it does not say is asked.
 * @throws ConnectorError findings when nothing can be made of it; usage for an answer that does not fit
 */
export async function importConnections(context: Context, args: ImportArguments): Promise<Imported> {
  const { 'from-openapi': openapi, 'from-discovery': metadata, discovery } = args;
  // What reads documents is loaded with the first of them.
  const { discovered, fromDiscovery, fromOpenAPI } = await import('./vendor-documents.ts');
  const make =
    openapi === undefined
      ? await fromDiscovery(context, metadata ?? '', discovery)
      : await fromOpenAPI(context, openapi);
  const given: Answers = {
    server: args.server?.replace(/\/+$/, ''),
    auth: args.auth,
    prefix: args.prefix,
    verify: args.verify.length === 0 ? undefined : args.verify,
    clientAuth: args['client-auth'],
    refresh: args.refresh,
    discovery: openapi === undefined || discovery === undefined ? undefined : await discovered(context, discovery),
    connections: args.connection.length === 0 ? undefined : args.connection,
  };
  const imported = await answered(context, make, given);
  if (imported.connections.length === 0) throw new ConnectorError('findings', imported.diagnostics);
  return imported;
}

/** How the answer to each question is an option. */
const FLAGS: Readonly<Record<string, string>> = { clientAuth: '--client-auth', connections: '--connection' };

/** Asks what the document leaves open, one question after the other: an answer can be the end of others. */
async function answered(context: Context, make: Make, given: Answers): Promise<Imported> {
  let answers = given;
  const asked = new Set<string>();
  for (;;) {
    const imported = make(answers);
    const open = imported.questions.find(({ about, message }) => !asked.has(about) && !asked.has(message));
    if (open === undefined || !context.terminal.interactive) return imported;
    // What proves one connection may prove another or not; all other answers are for all.
    asked.add(open.about === 'verify' ? open.message : open.about);
    answers = withAnswer(answers, open, await askedFor(context, open));
    if (open.about !== 'discovery') continue;
    const { discovered } = await import('./vendor-documents.ts');
    answers = { ...answers, discovery: await discovered(context, String(answers.discovery)) };
  }
}

const ALL = 'all of them';

async function askedFor({ ask }: Context, { about, message, choices, example }: Question): Promise<string> {
  const flag = lookUp(FLAGS, about) ?? `--${about}`;
  if (choices.length === 0) return ask.text({ message, flag, example });
  const more = about === 'connections' ? [{ value: ALL, label: ALL }] : [];
  return ask.choose({ message, flag, choices: [...more, ...choices] });
}

function withAnswer(answers: Answers, { about }: Question, answer: string): Answers {
  if (about === 'connections') return answer === ALL ? answers : { ...answers, connections: [answer] };
  if (about === 'verify') return { ...answers, verify: [...(answers.verify ?? []), answer] };
  return { ...answers, [about]: about === 'refresh' ? answer === 'yes' : answer };
}

/** Marks of connections as problems, each with its place in the file that was written. */
export function markProblems(
  described: readonly { readonly id: string; readonly marks: Described['marks'] }[],
  sourceOf: (id: string, section: string) => Locatable | undefined,
): Diagnostic[] {
  return described.flatMap(({ id, marks }) =>
    marks.map(({ section, path, severity, message, hint, trap }): Diagnostic => {
      const source = sourceOf(id, section);
      return {
        code: severity === 'warning' ? 'openapi/unanswered' : 'openapi/assumed',
        severity,
        message,
        hint,
        ...(trap === undefined ? {} : { trap }),
        connection: id,
        path,
        ...(source === undefined ? {} : { file: source.file, ...source.locate(path) }),
      };
    }),
  );
}

type Locatable = Pick<import('@connectorkit/sdk').Source, 'file' | 'locate'>;
