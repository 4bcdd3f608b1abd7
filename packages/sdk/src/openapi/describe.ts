import type { Diagnostic } from '../diagnostics.ts';
import type { CreateType } from '../sections/create-types.ts';
import { refusalOf, shownBy } from './answers.ts';
import { checkVerify, chosenProof, type Proving } from './chosen-proof.ts';
import { chosenWays, namedWay, withIds, withPrefix } from './chosen-ways.ts';
import {
  type Answers,
  type Described,
  type FormField,
  type Imported,
  type Mark,
  type Question,
  shortened,
} from './connection.ts';
import { type Credential, carried, type OAuth2 } from './credentials.ts';
import type { Description } from './description.ts';
import { written } from './sections.ts';
import { chooseServer, type Server, underServer } from './servers.ts';
import { type Drafted, digestRequests, GRANTS, type Note, oauthSteps, type Request } from './steps.ts';
import { credentialParameters } from './undescribed.ts';
import type { Proof } from './verification.ts';
import { type Way, waysOf, wayTitle } from './ways.ts';

/**
 * Generates the connections that an OpenAPI document describes. Missing information is marked in their sections and listed in
 * `questions`. To answer the questions, call it again with more answers.
 * @throws ConnectorError usage `openapi/answer` for an answer that does not match the document
 */
export function describeConnections(description: Description, answers: Answers = {}): Imported {
  const { server, questions: serverQuestions, diagnostics: serverNews } = chooseServer(description, answers);
  const absolute = (url: string) => underServer(url, server);
  const security = waysOf(description, { absolute, discovery: answers.discovery });
  const diagnostics: Diagnostic[] = [...description.odd, ...serverNews, ...security.diagnostics];
  const questions: Question[] = [...serverQuestions];
  const told = (answers.auth === undefined ? security.ways : [namedWay(answers.auth)]).map((way) =>
    withPrefix(way, answers),
  );
  if (security.needsDiscovery) questions.push(DISCOVERY);
  if (told.length === 0) return undescribed(description, { diagnostics, questions });
  const named = withIds(told);
  const wanted = chosenWays(named, answers.connections, questions);
  checkVerify(answers.verify, description, wanted, security.isRequired);
  const connections = wanted.map(({ id, way }) =>
    connectionOf({ description, server, way, id, answers, isRequired: security.isRequired, questions }),
  );
  return { title: description.title, source: sourceOf(description), connections, questions, diagnostics };
}

function sourceOf({ version }: Description): string {
  return `OpenAPI ${version}`;
}

const DISCOVERY: Question = {
  about: 'discovery',
  message: 'The API uses OpenID Connect. Which file or URL contains the discovery document of the provider?',
  choices: [],
  example: 'https://login.acme.com/.well-known/openid-configuration',
};

/** The result for a document without supported security schemes: no connection, and a question about likely credentials. */
function undescribed(description: Description, known: Pick<Imported, 'diagnostics' | 'questions'>): Imported {
  const found = credentialParameters(description.root);
  const choices = found.map(({ place, name, count }) => ({
    value: `${place}:${name}`,
    label: `${name} in the ${place}`,
    hint: `a parameter of ${count} ${count === 1 ? 'operation' : 'operations'}`,
  }));
  const refused = known.diagnostics.some(({ code }) => code === 'openapi/unsupported');
  const message = refused
    ? 'No security scheme of the document is supported.'
    : 'The document does not describe how requests are authorized.';
  const example = choices[0]?.value ?? 'bearer';
  const others = ['bearer', 'basic', 'header:X-API-Key'];
  const question: Question = {
    about: 'auth',
    message: `${message} How are credentials sent to the API?`,
    choices: [...choices, ...others.map((value) => ({ value, label: value }))],
    example,
  };
  const hint =
    choices.length === 0
      ? 'Pass --auth with bearer, basic, digest, header:<name>, query:<name> or cookie:<name>.'
      : `${found.map(({ place, name, count }) => `The ${place} parameter ${name} of ${count} operations looks like a credential`).join('; ')}. If it is, pass --auth ${example}.`;
  const problem: Diagnostic = {
    ...{ code: 'openapi/no-security', severity: 'error', message, hint },
    trap: 'openapi-no-security',
  };
  return {
    title: description.title,
    source: sourceOf(description),
    connections: [],
    questions: [...known.questions, question],
    diagnostics: [...known.diagnostics, problem],
  };
}

interface Making extends Proving {
  readonly server: Server;
}

function connectionOf(making: Making): Described {
  const { description, way, id } = making;
  const { proof, marks: proofMarks, notes: proofNotes } = chosenProof(making);
  const server = proof?.server ?? making.server;
  const { request, fields, marks, digest } = requestOf(making, server, proof);
  if (marks.length > 0) {
    making.questions.push({
      about: 'prefix',
      message: `Which prefix comes before the key of ${id} in its header?`,
      choices: ['Bearer', 'Token', 'Key', 'none'].map((value) => ({ value, label: value })),
      example: 'Bearer',
    });
  }
  const oauth = way.credentials.find((each): each is OAuth2 & Credential => each.kind === 'oauth2');
  const api: Drafted = oauth === undefined ? plainApi(request, digest) : oauthApi(oauth, request, making);
  const at = oauth !== undefined ? ['info'] : digest ? [1] : [];
  const moved = ({ path, ...mark }: Mark): Mark => ({ ...mark, path: [...at, ...path] });
  const own = proofMarks.map(moved);
  const form = [...(oauth === undefined ? [] : GRANTS[oauth.grant].fields), ...fields];
  const type: CreateType =
    oauth === undefined ? typeOf(way) : GRANTS[oauth.grant].type(isRefreshed(oauth, making.answers));
  const { scopes, deprecated } = oauth === undefined ? NO_SCOPES : scopesFor(oauth, proof);
  return written({
    id,
    type,
    label: wayLabel(description.title, wayTitle(way)),
    summary: wayTitle(way),
    api: { ...api, notes: [...proofNotes.map(([path, text]): Note => [[...at, ...path], text]), ...api.notes] },
    marks: [...own, ...marks.map(moved), ...api.marks],
    form: unique(form),
    oauth,
    scopes,
    deprecated,
  });
}

function typeOf({ credentials }: Way): CreateType {
  return credentials.some(({ kind }) => kind === 'basic' || kind === 'digest') ? 'basic' : 'apikey';
}

function wayLabel(title: string, how: string): string {
  return title === '' ? how : shortened(`${title}: ${how}`, 100);
}

/** The request that proves the connection, with all credentials in it. */
function requestOf({ description, way }: Making, server: Server, proof: Proof | undefined) {
  const taken = new Set<string>(server.fields.map(({ name }) => name));
  for (const each of way.credentials)
    if (each.kind === 'oauth2') for (const { name } of GRANTS[each.grant].fields) taken.add(name);
  const parts = way.credentials.map((each) => ({ each, part: carried(each, taken) }));
  const merge = (pick: (part: ReturnType<typeof carried>) => object) =>
    Object.assign({}, ...parts.map(({ part }) => pick(part)));
  const cookie = parts.flatMap(({ part }) => part.cookie).join('; ');
  const headers = { ...proof?.headers, ...merge((part) => part.headers), ...(cookie === '' ? {} : { Cookie: cookie }) };
  const qs = { ...proof?.qs, ...merge((part) => part.qs) };
  const shown = proof === undefined ? {} : shownBy(description.root, proof.operation);
  const why = proof === undefined ? undefined : refusalOf(description.root, proof.operation);
  const request: Request = {
    url: `${server.url}${proof?.path ?? '/'}`,
    ...(Object.keys(qs).length === 0 ? {} : { qs }),
    ...(Object.keys(headers).length === 0 ? {} : { headers }),
    response: {
      ...shown,
      error: {
        message: why === undefined ? '[{{statusCode}}] The API refused the request.' : `[{{statusCode}}] {{${why}}}`,
      },
    },
    log: { sanitize: [...new Set(parts.flatMap(({ part }) => part.sanitize))] },
  };
  const marks: Mark[] = parts.flatMap(({ each }) => {
    if (each.kind !== 'key' || each.prefix !== undefined) return [];
    return [
      {
        section: 'api' as const,
        path: ['headers', each.name],
        severity: 'warning' as const,
        message: `The document does not say whether a prefix such as Bearer comes before the key in ${each.name}.`,
        hint: 'Pass --prefix with Bearer, Token or another prefix, or --prefix none.',
        trap: 'openapi-key-in-authorization' as const,
      },
    ];
  });
  const isDigest = way.credentials.some(({ kind }) => kind === 'digest');
  const digest = isDigest ? digestTarget(server, proof, qs) : undefined;
  return { request, fields: [...server.fields, ...parts.flatMap(({ part }) => part.fields)], marks, digest };
}

/** Text that a digest signs: the method and the target as it is sent, as an expression. */
function digestTarget({ url }: Server, proof: Proof | undefined, qs: object): string {
  const path = `${url.replace(/^[^/]*\/\/[^/]*/, '')}${proof?.path ?? '/'}`;
  const query = new URLSearchParams(qs as Record<string, string>).toString();
  const whole = `GET:${path}${query === '' ? '' : `?${query}`}`;
  return `'${whole.replace(/\{\{(.*?)\}\}/g, "' + $1 + '")}'`;
}

function plainApi(request: Request, digest: string | undefined): Drafted {
  if (digest === undefined) return { value: request, notes: [], marks: [] };
  const notes: Note[] = [
    [[0], 'Digest authentication takes two requests. This one is refused, and its response contains the challenge.'],
    [[1], 'This one responds to the challenge.'],
  ];
  return { value: digestRequests(request, digest), notes, marks: [] };
}

function isRefreshed({ refresh }: OAuth2, answers: Answers): boolean {
  return answers.refresh ?? refresh ?? false;
}

function oauthApi(oauth: OAuth2, request: Request, { answers, questions, id }: Making): Drafted {
  const said = answers.clientAuth === 'header' || answers.clientAuth === 'body' ? answers.clientAuth : undefined;
  const known = said ?? oauth.clientAuth;
  const isRefreshKnown = answers.refresh !== undefined || oauth.refresh !== undefined;
  if (known === undefined) {
    questions.push({
      about: 'clientAuth',
      message: `How does the client of ${id} authenticate at the token endpoint?`,
      choices: [
        { value: 'body', label: 'client_id and client_secret in the body' },
        { value: 'header', label: 'HTTP basic, in the header Authorization' },
      ],
      example: 'body',
    });
  }
  if (!isRefreshKnown && oauth.grant === 'authorizationCode') {
    questions.push({
      about: 'refresh',
      message: `Do the access tokens of ${id} expire, and are refresh tokens issued?`,
      choices: [
        { value: 'yes', label: 'yes' },
        { value: 'no', label: 'no' },
      ],
      example: 'yes',
    });
  }
  return oauthSteps(oauth, {
    info: request,
    clientAuth: known ?? 'body',
    isClientAuthKnown: known !== undefined,
    refresh: isRefreshed(oauth, answers),
    isRefreshKnown,
  });
}

const NO_SCOPES = { scopes: [], deprecated: [] } as const;

/** The scopes that the proof needs, without those that the vendor calls deprecated where others are left. */
function scopesFor(oauth: OAuth2 & Credential, proof: Proof | undefined) {
  const needed = [...(proof?.scopes ?? [])]
    .flatMap(([, scopes]) => scopes)
    .filter((scope) => Object.hasOwn(oauth.scopes, scope));
  const current = needed.filter((scope) => !isDeprecated(oauth.scopes[scope]));
  const scopes = [...new Set(current.length === 0 ? needed : current)];
  return { scopes, deprecated: [...new Set(needed)].filter((scope) => !scopes.includes(scope)) };
}

function isDeprecated(words = ''): boolean {
  return /\bdeprecated\b|\blegacy\b/i.test(words);
}

function unique(form: readonly FormField[]): readonly FormField[] {
  return form.filter((field, index) => form.findIndex(({ name }) => name === field.name) === index);
}
