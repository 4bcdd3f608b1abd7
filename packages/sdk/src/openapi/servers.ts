import type { Diagnostic } from '../diagnostics.ts';
import { isObject, type JSONObject } from '../json.ts';
import { type Answers, type FormField, labelOf, parameterName, type Question, shortened } from './connection.ts';
import { type Description, oddity, wordsIn } from './description.ts';

/** Where the API is, as it can be written into a section. */
export interface Server {
  /** Without a slash at its end; server variables are expressions. */
  readonly url: string;
  /** The variables, as fields that the user fills in. */
  readonly fields: readonly FormField[];
  /** True if the document says where it is. */
  readonly isKnown: boolean;
}

/** Placeholder for the host of an API that nobody named: `validate` warns of it, and publishing refuses it. */
const PLACEHOLDER = 'https://api.example.com';

/** The servers of a description, and the one that is taken. */
export interface Chosen {
  readonly server: Server;
  readonly questions: readonly Question[];
  readonly diagnostics: readonly Diagnostic[];
}

/** The server that a connection speaks to: the one that was answered, or the first of the document. */
export function chooseServer(description: Description, { server: answer }: Answers): Chosen {
  const { root, location } = description;
  const diagnostics: Diagnostic[] = [];
  const listed = (Array.isArray(root.servers) ? root.servers : []).filter(isObject);
  const known = listed.flatMap((server) => {
    const url = wordsIn(server.url);
    const whole = url === undefined ? undefined : absoluteURL(url, location, diagnostics);
    return whole === undefined ? [] : [{ server, url: whole }];
  });
  if (answer !== undefined) {
    const own = known.find(({ url }) => url === answer);
    const server =
      own === undefined ? { url: plain(answer), fields: [], isKnown: true } : serverOf(own.url, own.server);
    return { server, questions: [], diagnostics };
  }
  const [first, ...others] = known;
  if (first === undefined) {
    const path = wordsIn(listed[0]?.url) ?? '';
    const url = plain(`${PLACEHOLDER}${path.startsWith('/') ? path : ''}`);
    const message = 'The document does not contain the base URL of the API.';
    const questions: Question[] = [{ about: 'server', message, choices: [], example: 'https://api.acme.com/v1' }];
    diagnostics.push({
      ...{ code: 'openapi/unanswered', severity: 'warning', message, trap: 'openapi-no-server', path: ['servers'] },
      hint: 'Pass --server with the base URL, such as --server https://api.acme.com/v1.',
    });
    return { server: { url, fields: [], isKnown: false }, questions, diagnostics };
  }
  const choices = known.map(({ server, url }) => {
    const hint = wordsIn(server.description);
    return { value: url, label: url, ...(hint === undefined ? {} : { hint: shortened(hint, 80) }) };
  });
  const message = `The document lists ${known.length} servers. Which one do you want to use?`;
  const questions: Question[] = others.length === 0 ? [] : [{ about: 'server', message, choices, example: first.url }];
  if (others.length > 0) {
    const list = others.map(({ url }) => url).join(', ');
    diagnostics.push({
      code: 'openapi/assumed',
      severity: 'info',
      message: `${first.url} is used, the first of ${known.length} servers.`,
      hint: `Choose another one with --server: ${shortened(list, 200)}.`,
      path: ['servers', 0, 'url'],
    });
  }
  return { server: serverOf(first.url, first.server), questions, diagnostics };
}

/** The server that a path or an operation names for itself; undefined when it names none that is whole. */
export function ownServer(servers: unknown, location: string | undefined): Server | undefined {
  const [first] = Array.isArray(servers) ? servers : [];
  const url = isObject(first) ? wordsIn(first.url) : undefined;
  const whole = url === undefined ? undefined : absoluteURL(url, location, []);
  return whole === undefined || !isObject(first) ? undefined : serverOf(whole, first);
}

function serverOf(url: string, { variables }: JSONObject): Server {
  const described = isObject(variables) ? variables : {};
  const fields: FormField[] = [];
  const written = url.replace(/\{([^{}]+)\}/g, (_, name: string) => {
    const variable = described[name];
    const field = fieldOf(name, isObject(variable) ? variable : {});
    if (!fields.some((each) => each.name === field.name)) fields.push(field);
    return `{{parameters.${field.name}}}`;
  });
  return { url: plain(written), fields, isKnown: true };
}

/** A server variable as a field. Nobody may change it later: requests would take the credentials to another host. */
function fieldOf(variable: string, { default: preset, enum: choices, description }: JSONObject): FormField {
  const name = /^[A-Za-z_]\w*$/.test(variable) ? variable : parameterName(variable, 'server');
  const values = Array.isArray(choices) ? choices.map(String) : [];
  const help = wordsIn(description);
  return {
    name,
    type: values.length === 0 ? 'text' : 'select',
    label: labelOf(variable),
    ...(help === undefined ? {} : { help: shortened(help) }),
    ...(preset === undefined || preset === '' ? {} : { default: String(preset) }),
    ...(values.length === 0 ? {} : { options: values.map((value) => ({ label: value, value })) }),
    // A variable may stand for nothing, such as a path that is left out.
    ...(preset === '' ? {} : { required: true }),
  };
}

/** A URL of the document that is whole, or is made so; undefined for one that is relative to what is not known. */
function absoluteURL(url: string, location: string | undefined, diagnostics: Diagnostic[]): string | undefined {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(url) || /^\{[^}]+\}:\/\//.test(url)) return plain(url);
  if (url.startsWith('//')) return plain(`https:${url}`);
  if (/^[a-z0-9-]+(\.[a-z0-9-]+)+(:\d+)?(\/|$)/i.test(url)) {
    diagnostics.push(oddity(`The server ${JSON.stringify(url)} has no scheme: https is assumed.`, ['servers']));
    return plain(`https://${url}`);
  }
  if (location === undefined) return undefined;
  // Braces of variables stay as they are.
  return plain(decodedBraces(new URL(url, location).href));
}

/** A URL that is relative to the server: OpenAPI wants those of flows whole, and vendors write them as they like. */
export function underServer(url: string, server: Server): string {
  const written = url.replace(/\{([^{}]+)\}/g, (_, name: string) => `{{parameters.${parameterName(name, 'server')}}}`);
  if (/^([a-z][a-z0-9+.-]*:|\{\{)/i.test(written)) return written;
  if (written.startsWith('//')) return `https:${written}`;
  const origin = /^[^/]*\/\/[^/]*/.exec(server.url)?.[0] ?? server.url;
  return written.startsWith('/') ? `${origin}${written}` : `${server.url}/${written.replace(/^\.\//, '')}`;
}

function decodedBraces(url: string): string {
  return url.replace(/%7B/gi, '{').replace(/%7D/gi, '}');
}

function plain(url: string): string {
  return url.trim().replace(/\/+$/, '');
}
