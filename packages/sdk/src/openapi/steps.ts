import type { Path } from '../diagnostics.ts';
import type { CreateType } from '../sections/create-types.ts';
import type { FormField, Mark } from './connection.ts';
import type { Grant, OAuth2 } from './credentials.ts';

/** A comment in a section, before the value at the path. */
export type Note = readonly [path: Path, text: string];

/** A request of a connection as it is written. */
export type Request = Readonly<Record<string, unknown>>;

/** A section as a value, with what is said about its places. */
export interface Drafted {
  readonly value: unknown;
  readonly notes: readonly Note[];
  readonly marks: readonly Mark[];
}

/** Values that the steps of OAuth 2 need beside the authorization server. */
export interface StepOptions {
  /** The request that says who has connected; none when nobody knows one. */
  readonly info: Request | undefined;
  readonly clientAuth: 'body' | 'header' | 'none';
  readonly isClientAuthKnown: boolean;
  readonly refresh: boolean;
  readonly isRefreshKnown: boolean;
}

const NOBODY = 'https://auth.example.com';
/** The client of a code flow is the app's own, unless a user brings another. */
const SHARED = {
  id: 'ifempty(parameters.clientId, common.clientId)',
  secret: 'ifempty(parameters.clientSecret, common.clientSecret)',
} as const;
const OWN = { id: 'parameters.clientId', secret: 'parameters.clientSecret' } as const;

const REFUSED = { message: '[{{statusCode}}] {{ifempty(body.error_description, body.error)}}' };

/** A grant as a type of connection, as a step, and in the form. */
export const GRANTS: Readonly<
  Record<
    Grant,
    {
      readonly type: (refresh: boolean) => CreateType;
      readonly name: string;
      readonly body: Request;
      readonly secrets: readonly string[];
      readonly fields: readonly FormField[];
      /** True if the client is one for all users, whose values are in `common`. */
      readonly isShared: boolean;
    }
  >
> = {
  authorizationCode: {
    type: (refresh) => (refresh ? 'oauth-refresh' : 'oauth'),
    name: 'authorization_code',
    body: { code: '{{temp.code}}', redirect_uri: '{{oauth.localRedirectUri}}' },
    secrets: ['code'],
    fields: clientFields({ advanced: true }),
    isShared: true,
  },
  clientCredentials: {
    type: () => 'oauth-clicre',
    name: 'client_credentials',
    body: {},
    secrets: [],
    fields: clientFields({ required: true }),
    isShared: false,
  },
  password: {
    type: () => 'oauth-resowncre',
    name: 'password',
    body: { username: '{{parameters.username}}', password: '{{parameters.password}}' },
    secrets: ['password'],
    fields: [
      { name: 'username', type: 'text', label: 'User name', required: true, editable: true },
      { name: 'password', type: 'password', label: 'Password', required: true, editable: true },
      ...clientFields({ required: true }),
    ],
    isShared: false,
  },
};

function clientFields(more: Pick<FormField, 'required' | 'advanced'>): FormField[] {
  return [
    { name: 'clientId', type: 'text', label: 'Client ID', ...more, editable: true },
    { name: 'clientSecret', type: 'password', label: 'Client secret', ...more, editable: true },
  ];
}

/** The `api` of a connection with OAuth 2. */
export function oauthSteps(oauth: OAuth2, options: StepOptions): Drafted {
  const notes: Note[] = [];
  const marks: Mark[] = [];
  const address = (step: string, url: string | undefined, what: string, example: string): string => {
    if (url !== undefined) return url;
    marks.push({
      section: 'api',
      path: [step, 'url'],
      severity: 'warning',
      message: `The document does not contain the URL of the ${what}.`,
      hint: 'Write the URL from the vendor’s documentation.',
    });
    return `${NOBODY}${example}`;
  };
  const isCode = oauth.grant === 'authorizationCode';
  const tokenUrl = () => address('token', oauth.tokenUrl, 'token endpoint', '/oauth/token');
  const token = tokenStep(oauth, options, tokenUrl());
  const steps: [string, unknown][] = [];
  if (isCode) {
    const url = address('authorize', oauth.authorizationUrl, 'authorization endpoint', '/oauth/authorize');
    steps.push(['authorize', authorizeStep(oauth, url)]);
    notes.push([['authorize'], 'The user signs in here, in a browser, and gives consent.']);
    notes.push([['token'], 'Exchanges the authorization code for an access token.']);
  } else {
    notes.push([
      ['token'],
      'No user signs in. The token is requested when the connection is created, and again before it expires.',
    ]);
  }
  steps.push(['token', token]);
  if (isCode && options.refresh) {
    const url = oauth.refreshUrl ?? (token.url as string);
    if (url !== token.url) marks.push(refreshedElsewhere(url));
    steps.push(['refresh', refreshStep(oauth, options, url)]);
    notes.push([['refresh'], 'Gets a new access token before the current one expires.']);
  }
  if (options.info !== undefined) {
    steps.push(['info', options.info]);
    notes.push([['info'], 'Verifies the token and gets the connected user.']);
  }
  if (oauth.revocationUrl !== undefined) {
    steps.push(['invalidate', revokeStep(oauth, options, oauth.revocationUrl)]);
    notes.push([['invalidate'], 'Revokes the token when the connection is deleted (RFC 7009).']);
  }
  marks.push(...assumptions(options, isCode));
  return { value: Object.fromEntries(steps), notes, marks };
}

function refreshedElsewhere(url: string): Mark {
  return {
    ...{ section: 'api', path: ['refresh', 'url'], severity: 'info', trap: 'openapi-refresh-url' },
    message: `Tokens are refreshed at ${url}, not at the URL of the token endpoint.`,
    hint: 'Compare it with the vendor’s documentation if a refresh is refused.',
  };
}

/** Default that most vendors use, where the document says nothing. */
function assumptions({ clientAuth, isClientAuthKnown, isRefreshKnown, refresh }: StepOptions, isCode: boolean): Mark[] {
  const marks: Mark[] = [];
  if (!isClientAuthKnown) {
    const where = clientAuth === 'header' ? 'in the header Authorization' : 'in the body';
    marks.push({
      section: 'api',
      path: ['token', clientAuth === 'header' ? 'headers' : 'body'],
      severity: 'info',
      trap: 'client-auth-method',
      message: `The document does not say how the client authenticates. Its id and secret are sent ${where}.`,
      hint: 'To choose, pass --client-auth header or --client-auth body.',
    });
  }
  if (isCode && !isRefreshKnown && !refresh) {
    marks.push({
      section: 'api',
      path: ['token'],
      severity: 'info',
      message: 'The document does not say whether access tokens expire. They are not refreshed.',
      hint: 'If they expire, create the connection with --refresh.',
    });
  }
  return marks;
}

function authorizeStep(oauth: OAuth2, url: string): Request {
  const pkce = oauth.pkce === true;
  return {
    ...(pkce ? { temp: { codeVerifier: '{{uuid}}.{{uuid}}' } } : {}),
    url,
    qs: {
      response_type: 'code',
      client_id: `{{${SHARED.id}}}`,
      redirect_uri: '{{oauth.localRedirectUri}}',
      scope: "{{join(oauth.scope, ' ')}}",
      ...(pkce
        ? {
            code_challenge: "{{base64url(sha256(temp.codeVerifier, 'base64'))}}",
            code_challenge_method: 'S256',
          }
        : {}),
      ...(oauth.resource === undefined ? {} : { resource: oauth.resource }),
    },
    response: { temp: { code: '{{query.code}}' } },
  };
}

/** How the client says who it is: added to a body, or to headers. */
function client(oauth: OAuth2, { clientAuth }: StepOptions) {
  const { id, secret } = GRANTS[oauth.grant].isShared ? SHARED : OWN;
  if (clientAuth === 'none') return { headers: {}, body: { client_id: `{{${id}}}` }, sanitize: [] };
  if (clientAuth === 'body') {
    const body = { client_id: `{{${id}}}`, client_secret: `{{${secret}}}` };
    return { headers: {}, body, sanitize: ['request.body.client_secret'] };
  }
  // Both are encoded as in a form before they are joined (RFC 6749, section 2.3.1).
  const pair = `{{base64(encodeURL(${id}) + ':' + encodeURL(${secret}))}}`;
  return {
    headers: { headers: { Authorization: `Basic ${pair}` } },
    body: {},
    sanitize: ['request.headers.authorization'],
  };
}

function tokenStep(oauth: OAuth2, options: StepOptions, url: string): Request {
  const grant = GRANTS[oauth.grant];
  const isCode = oauth.grant === 'authorizationCode';
  const own = client(oauth, options);
  const keeps = isCode ? options.refresh : false;
  return {
    condition: isCode ? '{{temp.code}}' : '{{if(data.accessToken, data.expires < addMinutes(now, 5), true)}}',
    url,
    method: 'POST',
    ...own.headers,
    type: 'urlencoded',
    body: {
      grant_type: grant.name,
      ...grant.body,
      ...(isCode ? {} : { scope: "{{join(oauth.scope, ' ')}}" }),
      ...(oauth.pkce === true ? { code_verifier: '{{temp.codeVerifier}}' } : {}),
      ...(oauth.resource === undefined ? {} : { resource: oauth.resource }),
      ...own.body,
    },
    response: {
      data: {
        accessToken: '{{body.access_token}}',
        ...(keeps ? { refreshToken: '{{body.refresh_token}}' } : {}),
        ...(keeps || !isCode ? { expires: '{{addSeconds(now, body.expires_in)}}' } : {}),
      },
      error: REFUSED,
    },
    log: {
      sanitize: [
        ...grant.secrets.map((name) => `request.body.${name}`),
        ...(oauth.pkce === true ? ['request.body.code_verifier'] : []),
        ...own.sanitize,
        'response.body.access_token',
        ...(keeps ? ['response.body.refresh_token'] : []),
      ],
    },
  };
}

function refreshStep(oauth: OAuth2, options: StepOptions, url: string): Request {
  const own = client(oauth, options);
  return {
    condition: '{{data.expires < addMinutes(now, 15)}}',
    url,
    method: 'POST',
    ...own.headers,
    type: 'urlencoded',
    body: { grant_type: 'refresh_token', refresh_token: '{{data.refreshToken}}', ...own.body },
    response: {
      data: {
        accessToken: '{{body.access_token}}',
        // Servers that keep the old refresh token send none.
        refreshToken: '{{ifempty(body.refresh_token, data.refreshToken)}}',
        expires: '{{addSeconds(now, body.expires_in)}}',
      },
      error: REFUSED,
    },
    log: {
      sanitize: [
        'request.body.refresh_token',
        ...own.sanitize,
        'response.body.access_token',
        'response.body.refresh_token',
      ],
    },
  };
}

function revokeStep(oauth: OAuth2, options: StepOptions, url: string): Request {
  const own = client(oauth, options);
  return {
    url,
    method: 'POST',
    ...own.headers,
    type: 'urlencoded',
    body: { token: '{{connection.accessToken}}', ...own.body },
    log: { sanitize: ['request.body.token', ...own.sanitize] },
  };
}

/**
 * The two requests by which HTTP digest is done (RFC 7616): the first is refused and brings the challenge, the second
 * answers it, by SHA-256 where the server asks for that and by MD5 otherwise.
 */
export function digestRequests(request: Request, target: string): readonly Request[] {
  const header = 'headers.`www-authenticate`';
  const part = (name: string) => `{{replace(${header}, '/^[^]*${name}="([^"]*)"[^]*$/', '$1')}}`;
  const { url, qs, headers, response, log } = request;
  const address = { url, ...(qs === undefined ? {} : { qs }) };
  const hash = (of: string) => `if(temp.sha256, sha256(${of}), md5(${of}))`;
  return [
    {
      ...address,
      response: {
        valid: '{{statusCode = 401}}',
        temp: {
          realm: part('realm'),
          nonce: part('nonce'),
          opaque: `{{if(contains(${header}, 'opaque='), replace(${header}, '/^[^]*opaque="([^"]*)"[^]*$/', '$1'), '')}}`,
          sha256: `{{contains(${header}, 'SHA-256')}}`,
          cnonce: '{{uuid}}',
        },
      },
      log: { sanitize: ['response.headers.www-authenticate'] },
    },
    {
      temp: {
        user: `{{${hash("parameters.username + ':' + temp.realm + ':' + parameters.password")}}}`,
        target: `{{${hash(target)}}}`,
      },
      ...address,
      headers: {
        ...(headers as object | undefined),
        Authorization: [
          'Digest username="{{parameters.username}}"',
          'realm="{{temp.realm}}"',
          'nonce="{{temp.nonce}}"',
          `uri="{{${target.replace(/^'GET:/, "'")}}}"`,
          "algorithm={{if(temp.sha256, 'SHA-256', 'MD5')}}",
          'qop=auth',
          'nc=00000001',
          'cnonce="{{temp.cnonce}}"',
          `response="{{${hash("temp.user + ':' + temp.nonce + ':00000001:' + temp.cnonce + ':auth:' + temp.target")}}}"`,
          'opaque="{{temp.opaque}}"',
        ].join(', '),
      },
      response,
      log,
    },
  ];
}
