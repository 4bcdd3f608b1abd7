// A server that does what a description says. It reads the description on its own, so that what we made of it is held
// against the document, and not against our reading of it.
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';

/** What users and clients have at the vendor. */
export const RIGHT = {
  key: 'right-key-1',
  user: 'right-user-1',
  password: 'right-password-1',
  client: 'client-1',
  secret: 'client-secret-1',
};

const NONCE = 'n0nce';

/**
 * @typedef {Record<string, any>} Json
 * @typedef {{ method: string, url: URL, headers: Record<string, string>, body: URLSearchParams }} Asked
 */

/**
 * @param {Json} document
 * @param {readonly string[]} options of `connector create`: what the document does not say
 */
export async function vendorOf(document, options) {
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const part of request) body += part;
    const url = new URL(String(request.headers['x-asked']));
    const headers = /** @type {Record<string, string>} */ (request.headers);
    const asked = { method: String(request.method), url, headers, body: new URLSearchParams(body) };
    const { status = 200, headers: more = {}, body: answer } = answerTo(document, options, asked);
    response.writeHead(status, { 'content-type': 'application/json', ...more }).end(JSON.stringify(answer ?? {}));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  return { url: `http://127.0.0.1:${port}`, close: () => server.close() };
}

/**
 * @param {Json} document
 * @param {readonly string[]} options
 * @param {Asked} asked
 * @returns {{ status?: number, headers?: Record<string, string>, body?: unknown }}
 */
function answerTo(document, options, asked) {
  const token = tokenAnswer(document, asked);
  if (token !== undefined) return token;
  const operation = operationAt(document, options, asked.url);
  if (operation === undefined) return { status: 404, body: { message: `the document has nothing at ${asked.url}` } };
  const required = operation.security ?? document.security;
  const told = options[options.indexOf('--auth') + 1];
  const schemes = document.components?.securitySchemes ?? document.securityDefinitions ?? {};
  const requirements = options.includes('--auth')
    ? [{ told: [] }]
    : (required ?? Object.keys(schemes).map((key) => ({ [key]: [] })));
  const all = options.includes('--auth') ? { told: schemeTold(String(told)) } : schemes;
  const prefix = options.includes('--prefix') ? `${options[options.indexOf('--prefix') + 1]} ` : '';
  const isOpen =
    requirements.length === 0 || requirements.some((/** @type {Json} */ each) => Object.keys(each).length === 0);
  if (isOpen) return { status: 500, body: { message: 'this is open to everybody, and proves nothing' } };
  const isMet = requirements.some((/** @type {Json} */ each) =>
    Object.keys(each).every((key) => holds(resolved(document, all[key]), asked, prefix)),
  );
  if (!isMet) {
    const challenge = `Digest realm="vendor", qop="auth", algorithm=MD5, nonce="${NONCE}", opaque="0paque"`;
    return { status: 401, headers: { 'www-authenticate': challenge }, body: { message: 'no valid credential' } };
  }
  return { body: sample(document, schemaOf(document, operation)) };
}

/** @param {string} auth @returns {Json} */
function schemeTold(auth) {
  const [place, name] = auth.split(':');
  return name === undefined ? { type: 'http', scheme: place } : { type: 'apiKey', in: place, name };
}

/** @param {Json} scheme @param {Asked} asked @param {string} prefix */
function holds(scheme, { headers, url, method }, prefix) {
  const { authorization = '' } = headers;
  if (scheme === undefined) return false;
  if (scheme.type === 'apiKey') {
    if (scheme.in === 'query') return url.searchParams.get(scheme.name) === RIGHT.key;
    if (scheme.in === 'cookie') return (headers.cookie ?? '').split('; ').includes(`${scheme.name}=${RIGHT.key}`);
    const before = scheme.name.toLowerCase() === 'authorization' ? prefix : '';
    return headers[scheme.name.toLowerCase()] === `${before}${RIGHT.key}`;
  }
  const kind =
    scheme.type === 'basic' ? 'basic' : scheme.type === 'http' ? String(scheme.scheme).toLowerCase() : scheme.type;
  if (kind === 'basic') return authorization === `Basic ${btoa(`${RIGHT.user}:${RIGHT.password}`)}`;
  if (kind === 'digest') return isDigest(authorization, method, url);
  if (kind === 'oauth2' || kind === 'openIdConnect') return authorization === 'Bearer access-1';
  return authorization.toLowerCase() === `${kind} ${RIGHT.key}`;
}

/** @param {string} authorization @param {string} method @param {URL} url */
function isDigest(authorization, method, url) {
  const part = (/** @type {string} */ name) => new RegExp(`[ ,]${name}="?([^",]*)`).exec(authorization)?.[1];
  const md5 = (/** @type {string} */ text) => createHash('md5').update(text).digest('hex');
  const target = md5(`${method}:${url.pathname}${url.search}`);
  const user = md5(`${RIGHT.user}:vendor:${RIGHT.password}`);
  return part('response') === md5(`${user}:${NONCE}:${part('nc')}:${part('cnonce')}:auth:${target}`);
}

/** The answer of the token endpoint of a flow; undefined where there is none. @param {Json} document @param {Asked} asked */
function tokenAnswer(document, { url, headers, body }) {
  const schemes = Object.values(document.components?.securitySchemes ?? document.securityDefinitions ?? {});
  const flows = schemes.flatMap((scheme) => (scheme.flows ? Object.values(scheme.flows) : [scheme]));
  const here = `${url.origin}${url.pathname}`;
  if (!flows.some((flow) => flow.tokenUrl === here || flow.refreshUrl === here)) return undefined;
  const pair = atob((headers.authorization ?? '').replace(/^Basic /, ''));
  const client = headers.authorization === undefined ? `${body.get('client_id')}:${body.get('client_secret')}` : pair;
  if (client !== `${RIGHT.client}:${RIGHT.secret}`) return { status: 401, body: { error: 'invalid_client' } };
  const grant = body.get('grant_type');
  const isRight =
    grant === 'client_credentials' ||
    (grant === 'authorization_code' && body.get('code') === 'code-1') ||
    (grant === 'password' && body.get('username') === RIGHT.user && body.get('password') === RIGHT.password);
  if (!isRight) return { status: 400, body: { error: 'invalid_grant' } };
  return { body: { access_token: 'access-1', token_type: 'Bearer', expires_in: 3600, refresh_token: 'refresh-1' } };
}

/** The GET operation at an address, below any of the servers that the document names. @param {Json} document @param {readonly string[]} options @param {URL} url */
function operationAt(document, options, url) {
  const own = options.includes('--server') ? [String(options[options.indexOf('--server') + 1])] : [];
  for (const [path, item] of Object.entries(document.paths ?? {})) {
    const operation = resolved(document, item)?.get;
    if (operation === undefined) continue;
    const servers = [operation.servers, item.servers, document.servers].find((list) => list?.length > 0) ?? [];
    const bases = [
      ...own,
      ...servers.map(baseOf),
      `https://${document.host}${document.basePath ?? ''}`,
      `http://${document.host}${document.basePath ?? ''}`,
      'https://api.example.com',
    ];
    const here = `${url.origin}${url.pathname}`;
    if (bases.some((base) => here === `${base.replace(/\/+$/, '')}${path}`)) return operation;
  }
  return undefined;
}

/** A server with the defaults of its variables. @param {Json} server @returns {string} */
function baseOf({ url, variables = {} }) {
  const filled = url.replace(
    /\{([^}]+)\}/g,
    (/** @type {string} */ _, /** @type {string} */ name) => variables[name]?.default ?? '',
  );
  // As it is written in a request: a port that is the usual one is left out.
  return URL.canParse(filled) ? new URL(filled).href : filled;
}

/** @param {Json} document @param {any} value @returns {any} */
function resolved(document, value) {
  if (typeof value?.$ref !== 'string') return value;
  const steps = value.$ref.slice(2).split('/');
  return steps.reduce(
    (/** @type {any} */ at, /** @type {string} */ step) => at?.[step.replaceAll('~1', '/').replaceAll('~0', '~')],
    document,
  );
}

/** @param {Json} document @param {Json} operation */
function schemaOf(document, operation) {
  const response = resolved(document, operation.responses?.['200'] ?? operation.responses?.default);
  return response?.schema ?? Object.values(response?.content ?? {})[0]?.schema;
}

/** A value that a schema describes. @param {Json} document @param {any} reference @returns {any} */
function sample(document, reference, depth = 0) {
  const schema = resolved(document, reference);
  if (schema === undefined || depth > 6) return undefined;
  const parts = [...(schema.allOf ?? []), ...(schema.oneOf ?? []).slice(0, 1), ...(schema.anyOf ?? []).slice(0, 1)];
  if (parts.length > 0 || schema.properties !== undefined) {
    const own = Object.entries(schema.properties ?? {}).map(([name, each]) => [
      name,
      sample(document, each, depth + 1),
    ]);
    return Object.assign({}, ...parts.map((part) => sample(document, part, depth + 1)), Object.fromEntries(own));
  }
  const [type] = [schema.type].flat();
  if (type === 'array' || schema.items !== undefined) return [];
  if (type === 'integer' || type === 'number') return 7;
  if (type === 'boolean') return true;
  return schema.enum?.[0] ?? 'a text';
}
