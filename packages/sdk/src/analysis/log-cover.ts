import { isObject } from '../json.ts';
import { CREATE_TYPES } from '../sections/create-types.ts';
import type { RequestSecrets } from './carried-secrets.ts';
import type { Declared } from './declared.ts';
import { literalSecretsIn } from './literal-secrets.ts';
import { LogPaths, readLogPath, writtenPath } from './log-paths.ts';
import type { Request } from './requests.ts';
import { signatureIn } from './signature.ts';

/** Paths that `log.sanitize` has to name for nothing secret to be logged once it is there. */
export interface LogCover {
  readonly paths: readonly string[];
  /** True if nothing secret is left that it cannot name, such as what is in the URL. */
  readonly isComplete: boolean;
}

/**
 * Returns the paths that keep out of logs what a request and its answer carry and that is a secret, that may be one, or that
 * answers of its kind bring whether anything reads it or not.
 */
export function coverOf(connection: Declared, { request, carried, addressed }: RequestSecrets): LogCover {
  const { path, value } = request;
  const literals = literalSecretsIn(request);
  const signature = signatureIn(connection, request);
  const paths = [
    ...carried.map(({ logged }) => logged),
    ...literals.flatMap(({ path: at, name }) => (name === undefined ? [] : [pathOf(at.slice(path.length))])),
    // Beside the signature it holds the token, and the verifier.
    ...(signature === undefined ? [] : ['request.headers.authorization']),
    ...grantedBy(connection, request),
  ];
  const isComplete =
    addressed.length === 0 &&
    // What the runtime adds to the query string or the body has no name that is known here.
    signature?.isHeader !== false &&
    literals.every(({ name }) => name !== undefined) &&
    !Object.keys(value).some((name) => name.includes('{{'));
  return { paths: outermost(paths), isComplete };
}

function pathOf(steps: readonly (string | number)[]): string {
  const end = steps.findIndex((step) => typeof step === 'number');
  return writtenPath(['request', ...(end < 0 ? steps : steps.slice(0, end)).map(String)]);
}

/** Without those that are inside of others. */
function outermost(paths: readonly string[]): readonly string[] {
  const kept = new Map<string, string>();
  for (const path of paths) {
    const { plain } = readLogPath(path);
    if (!kept.has(plain)) kept.set(plain, path);
  }
  const all = new LogPaths(kept.keys());
  return [...kept].flatMap(([plain, path]) => (all.isInsideOne(plain) ? [] : [path]));
}

/** Types by which an answer is read as one text. */
const TEXTS = new Set<unknown>(['text', 'string', 'raw', 'binary']);

/** The members of answers that grant something. Sources: RFC 6749, section 5.1, OpenID Connect, RFC 5849. */
const GRANTED = {
  oauth2: ['access_token', 'refresh_token', 'id_token'],
  oauth1: ['oauth_token', 'oauth_token_secret'],
} as const;

const GRANTING = {
  basic: [],
  oauth2: ['token', 'refresh'],
  oauth1: ['requestToken', 'accessToken'],
} as const satisfies Record<string, readonly string[]>;

/** Returns the secrets that the answer brings when the request asks for a token. */
function grantedBy({ type }: Declared, { step, value, response }: Request): readonly string[] {
  const { kind } = CREATE_TYPES[type];
  const isStep = (GRANTING[kind] as readonly string[]).includes(step ?? '');
  const asks = isObject(value.body) && 'grant_type' in value.body;
  if (!isStep && !asks) return [];
  if (TEXTS.has(response?.type)) return ['response.body'];
  return GRANTED[isStep && kind === 'oauth1' ? 'oauth1' : 'oauth2'].map((name) => `response.body.${name}`);
}
