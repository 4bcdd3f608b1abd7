import type { JSONSchema } from './section.ts';

const IML: JSONSchema = { type: 'string', pattern: '\\{\\{' };

/** Properties whose name is an expression, such as the spread `{{...}}`, stand for others that nobody can check here. */
const SPREAD = { '^\\{\\{': true };

const STATUS = '^[1-5][0-9]{2}(-[1-5][0-9]{2})?$';

/** The schema, or a string with an expression that may give such a value. */
export function orIML(schema: JSONSchema): { readonly [keyword: string]: JSONSchema } {
  return { if: IML, else: schema };
}

/** Returns a conditional schema; the one place where the keyword is spelt, as it looks like a promise's. */
export function when(condition: JSONSchema, consequence: JSONSchema): { readonly [keyword: string]: JSONSchema } {
  // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
  return { if: condition, then: consequence };
}

/** A string of at most `limit` characters; the limit is for what is sent, so it says nothing about an expression. */
function text(limit: number): { readonly [keyword: string]: unknown } {
  return { type: 'string', ...when({ not: { pattern: '\\{\\{' } }, { maxLength: limit }) };
}

/** An object of which only these properties are known. */
export function closed(
  properties: Readonly<Record<string, JSONSchema>>,
  rest: { readonly [keyword: string]: unknown } = {},
): { readonly [keyword: string]: unknown } {
  return { type: 'object', properties, patternProperties: SPREAD, additionalProperties: false, ...rest };
}

function refused(names: readonly string[], hint: string): Record<string, JSONSchema> {
  return Object.fromEntries(names.map((name) => [name, { not: {}, 'x-hint': hint }]));
}

/** Directives that Make's documentation takes away from connections. */
const MODULE_DIRECTIVES = refused(
  [
    'aws',
    'endpoint',
    'input',
    'iterate',
    'limit',
    'output',
    'pagination',
    'repeat',
    'respond',
    'trigger',
    'verification',
    'wrapper',
  ],
  'It belongs to modules and webhooks: remove it from the connection.',
);

const free = orIML({ type: 'object' });
const flag = orIML({ type: 'boolean' });

const ERROR_TYPE = orIML({
  type: 'string',
  enum: [
    'RuntimeError',
    'DataError',
    'RateLimitError',
    'OutOfSpaceError',
    'ConnectionError',
    'InvalidConfigurationError',
    'InvalidAccessTokenError',
    'IncompleteDataError',
    'DuplicateDataError',
  ],
});

const BODY_TYPE = orIML({
  type: 'string',
  enum: ['automatic', 'json', 'urlencoded', 'text', 'raw', 'string', 'binary', 'xml'],
});

const response = closed(
  {
    ...MODULE_DIRECTIVES,
    type: {
      description: 'How the body of the answer is read: one type, or a map from status codes to types.',
      type: ['string', 'object'],
      ...when({ type: 'string' }, BODY_TYPE),
      properties: { '*': BODY_TYPE },
      patternProperties: { ...SPREAD, [STATUS]: BODY_TYPE },
      additionalProperties: false,
    },
    valid: {
      description: 'Whether the answer means success (default: statuses from 200 to 399).',
      type: ['boolean', 'string', 'object'],
      properties: {
        condition: { type: ['boolean', 'string'] },
        message: { type: 'string' },
        type: { type: 'string' },
      },
      patternProperties: SPREAD,
      additionalProperties: false,
    },
    error: {
      description: 'The message that the user sees when the answer means failure, in general and for single statuses.',
      type: ['string', 'object'],
      allOf: [
        when({ type: 'string' }, text(1024)),
        when({ type: 'object', patternProperties: { [STATUS]: false, '^\\{\\{': false } }, { required: ['message'] }),
      ],
      properties: { message: text(1024), type: ERROR_TYPE },
      patternProperties: {
        ...SPREAD,
        [STATUS]: closed({ message: text(1024), type: ERROR_TYPE }, { required: ['message'] }),
      },
      additionalProperties: false,
    },
    temp: { description: 'Values for the steps that follow.', ...free },
    data: { description: 'Values that are kept with the connection, as `connection.*`.', ...free },
    metadata: {
      description: 'What is shown behind the name of the connection.',
      ...orIML({
        type: 'object',
        properties: { value: text(512), type: orIML({ type: 'string', enum: ['text', 'email'] }) },
      }),
    },
    uid: { description: 'The id of the account, for shared webhooks.', type: ['string', 'number'] },
    expires: { description: 'When the user has to authorize again.', minLength: 1, ...text(512) },
    scope: { description: 'The scopes that were granted.', ...orIML({ type: 'array' }) },
    oauth: { $ref: '#/$defs/oauth' },
  },
  { description: 'What is made of the answer.' },
);

const oauth = closed(
  {
    consumer_key: { type: 'string' },
    consumer_secret: { type: 'string' },
    private_key: { type: 'string' },
    token: { type: 'string' },
    token_secret: { type: 'string' },
    verifier: { type: 'string' },
    signature_method: orIML({ type: 'string', enum: ['HMAC-SHA1', 'RSA-SHA1', 'PLAINTEXT'] }),
    transport_method: orIML({ type: 'string', enum: ['header', 'query', 'body'] }),
    body_hash: { type: ['string', 'boolean'] },
  },
  { description: 'What an OAuth 1.0a request is signed with.' },
);

/** Without these there may be no request at all: only an address makes sense of them. */
const NEEDS_URL = ['method', 'headers', 'qs', 'body'].map((name) => ({ required: [name] }));

const request = closed(
  {
    ...MODULE_DIRECTIVES,
    url: { description: 'The absolute URL; a connection has no base URL.', minLength: 1, ...text(512) },
    encodeUrl: { description: 'Whether the URL is encoded (default: true).', ...flag },
    method: {
      description: 'Default: GET.',
      ...orIML({ type: 'string', enum: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] }),
    },
    headers: free,
    qs: { description: 'The query string.', ...free },
    body: { description: 'Anything; nothing is sent with GET.' },
    type: {
      description: 'How the body is written (default: json).',
      ...orIML({
        type: 'string',
        enum: ['json', 'urlencoded', 'multipart/form-data', 'text', 'string', 'raw', 'binary'],
      }),
    },
    ca: { description: 'A certificate authority in PEM.', ...text(8192) },
    condition: {
      description: 'The request is skipped when this is false.',
      type: ['boolean', 'string', 'object'],
      properties: { condition: { type: ['boolean', 'string'] }, default: true },
      patternProperties: SPREAD,
      additionalProperties: false,
    },
    temp: { description: 'Values that are computed before anything else of the request.', ...free },
    gzip: flag,
    followRedirects: flag,
    followAllRedirects: flag,
    log: closed(
      {
        sanitize: {
          description: 'Paths such as request.headers.authorization that are kept out of logs.',
          type: 'array',
          items: { type: 'string' },
        },
      },
      { description: 'A connection whose log is not sanitized is not logged at all.' },
    ),
    oauth: { $ref: '#/$defs/oauth' },
    response: { $ref: '#/$defs/response' },
  },
  {
    title: 'Request',
    ...when({ anyOf: NEEDS_URL, patternProperties: { '^\\{\\{': false } }, { required: ['url'] }),
  },
);

/**
 * One request of a connection, as `#/$defs/request`.
 * Sources: Make's documentation of connections, its editor's schemas where real connections obey them.
 */
export const REQUEST_DEFINITIONS = { request, response, oauth } as const;

/** One request, or several that are made in turn. */
export const REQUESTS = {
  type: ['object', 'array'],
  allOf: [
    when({ type: 'array' }, { items: { $ref: '#/$defs/request' } }),
    when({ type: 'object' }, { $ref: '#/$defs/request' }),
  ],
};
