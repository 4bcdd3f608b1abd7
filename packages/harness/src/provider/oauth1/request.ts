import { lookUp } from '@connectorkit/sdk/emulator';
import { timeIn } from '../../clock.ts';
import { type Client, clientOf, isSame } from '../registered.ts';
import type { ResourceCall } from '../resource.ts';
import { bodyHash, type Found, type Parameter, parametersIn, SIGNATURE_METHODS, signatureBase } from './signature.ts';
import { type Token, tokenOf, useNonce } from './tokens.ts';

/** Why a request is refused, in words of the OAuth Problem Reporting extension and in a sentence. */
export class Problem extends Error {
  readonly status: 400 | 401;
  readonly problem: string;
  /** The signature base string, so that a client can compare it with its own. */
  readonly base: string | undefined;

  constructor(status: 400 | 401, problem: string, message: string, base?: string) {
    super(message);
    this.status = status;
    this.problem = problem;
    this.base = base;
  }
}

/** A request whose signature is right. */
export interface Verified {
  readonly client: Client;
  readonly token: (Token & { readonly id: string }) | undefined;
  /** Those that begin with `oauth_`. */
  readonly protocol: ReadonlyMap<string, string>;
}

/** Purposes of tokens. */
const PURPOSES = { request: 'asking a user', access: 'access' } as const;

/** Seconds that a timestamp may be away from the harness's time. */
const TOLERANCE = 300;

/**
 * Verifies a signed request from the wire up: RFC 5849, section 3.2.
 * @param wanted what its token has to be; without one it may have none
 * @throws Problem
 */
export async function verified(call: ResourceCall, wanted?: Token['kind']): Promise<Verified> {
  const { incoming, surroundings } = call;
  const { body, headers, url } = incoming;
  const search = url.slice(url.split('?', 1)[0]?.length);
  const isForm = /^application\/x-www-form-urlencoded\b/i.test(String(headers['content-type']));
  const form = isForm ? (body?.toString('utf8') ?? '') : undefined;
  const found = parametersIn({ search, form, authorization: headers.authorization?.toString() });
  if (found === undefined) throw new Problem(400, 'parameter_rejected', 'A parameter cannot be decoded.');
  const protocol = protocolParameters(found);
  if (!isForm) checkBodyHash(protocol, body);
  const method = protocol.get('oauth_signature_method') ?? '';
  const signatureMethod = lookUp(SIGNATURE_METHODS, method);
  if (signatureMethod === undefined) {
    const known = Object.keys(SIGNATURE_METHODS).join(', ');
    throw new Problem(
      400,
      'signature_method_rejected',
      `The signature method ${JSON.stringify(method)} is not one of ${known}.`,
    );
  }
  const { client, token, now } = await surroundings.store.read(async (tx) => ({
    client: await clientOf(protocol.get('oauth_consumer_key') ?? '', tx),
    token: await tokenOf(protocol.get('oauth_token') ?? '', tx),
    now: Math.floor((await timeIn(tx, surroundings.now())).getTime() / 1000),
  }));
  if (client?.client_secret === undefined)
    throw new Problem(401, 'consumer_key_unknown', 'The oauth_consumer_key is unknown.');
  checkToken(protocol, token, client, wanted, now);
  const signed = {
    method: incoming.method,
    url: `${call.origin}${url}`,
    parameters: [...found.query, ...found.body, ...found.header],
  };
  const base = signatureBase(signed);
  const secrets = {
    client: client.client_secret,
    token: token?.secret ?? '',
    ...(client.public_key && { key: client.public_key }),
  };
  const signature = protocol.get('oauth_signature') ?? '';
  const fits =
    signatureMethod.verify?.(base, signature, secrets) ?? isSame(signatureMethod.sign(base, secrets), signature);
  if (!fits) throw wrongSignature(method, base, client);
  if (method !== 'PLAINTEXT' || protocol.has('oauth_nonce')) await checkNonce(protocol, client, now, call);
  return { client, token: wanted === undefined ? undefined : token, protocol };
}

function wrongSignature(method: string, base: string, client: Client): Problem {
  if (method === 'PLAINTEXT') {
    return new Problem(
      401,
      'signature_invalid',
      'A PLAINTEXT signature must be both secrets, each percent-encoded, joined with &.',
    );
  }
  if (method === 'RSA-SHA1' && client.public_key === undefined) {
    return new Problem(401, 'signature_invalid', 'No public_key is registered for this client.');
  }
  return new Problem(401, 'signature_invalid', 'The signature does not match this base string and the secrets.', base);
}

/** Only one of header, query and body may have them, and each of them once: RFC 5849, sections 3.1 and 3.5. */
function protocolParameters({ header, query, body }: Found): ReadonlyMap<string, string> {
  const own = [header, query, body].map((parameters) => parameters.filter(([name]) => name.startsWith('oauth_')));
  const places = own.filter((parameters) => parameters.length > 0);
  if (places.length === 0) throw new Problem(400, 'parameter_absent', 'The request has no OAuth 1 parameters.');
  if (places.length > 1)
    throw new Problem(400, 'parameter_rejected', 'OAuth 1 parameters are in more than one of header, query and body.');
  const [given = []] = places;
  const protocol = new Map<string, string>(given as readonly Parameter[]);
  if (protocol.size !== given.length)
    throw new Problem(400, 'parameter_rejected', 'An OAuth 1 parameter is given twice.');
  const plain = protocol.get('oauth_signature_method') === 'PLAINTEXT';
  const needed = [
    'oauth_consumer_key',
    'oauth_signature_method',
    'oauth_signature',
    ...(plain ? [] : ['oauth_timestamp', 'oauth_nonce']),
  ];
  const absent = needed.filter((name) => !protocol.get(name));
  if (absent.length > 0) throw new Problem(400, 'parameter_absent', `The request has no ${absent.join(', ')}.`);
  const version = protocol.get('oauth_version') ?? '1.0';
  if (version !== '1.0')
    throw new Problem(400, 'version_rejected', `oauth_version is ${JSON.stringify(version)}, not "1.0".`);
  return protocol;
}

function checkBodyHash(protocol: ReadonlyMap<string, string>, body: Buffer | undefined): void {
  const given = protocol.get('oauth_body_hash');
  if (given === undefined || given === bodyHash(body ?? Buffer.alloc(0))) return;
  throw new Problem(401, 'body_hash_invalid', 'oauth_body_hash is not the Base64 of the SHA-1 of the body.');
}

function checkToken(
  protocol: ReadonlyMap<string, string>,
  token: Token | undefined,
  client: Client,
  wanted: Token['kind'] | undefined,
  now: number,
): void {
  if (wanted === undefined) {
    if (protocol.get('oauth_token'))
      throw new Problem(401, 'token_rejected', 'A request for a request token must not have an oauth_token.');
    return;
  }
  if (!protocol.get('oauth_token')) throw new Problem(401, 'parameter_absent', 'oauth_token is missing.');
  if (token === undefined) throw new Problem(401, 'token_rejected', 'The oauth_token is unknown, used or revoked.');
  if (token.consumer !== client.client_id)
    throw new Problem(401, 'token_rejected', 'The oauth_token was given to another client.');
  if (token.kind !== wanted)
    throw new Problem(
      401,
      'token_rejected',
      `The oauth_token is for ${PURPOSES[token.kind]}, but one for ${PURPOSES[wanted]} is required.`,
    );
  if (token.ends !== undefined && token.ends <= now)
    throw new Problem(401, 'token_expired', 'The oauth_token has expired.');
}

/** RFC 5849, section 3.3. */
async function checkNonce(
  protocol: ReadonlyMap<string, string>,
  client: Client,
  now: number,
  { surroundings }: ResourceCall,
) {
  const timestamp = protocol.get('oauth_timestamp') ?? '';
  if (!/^[1-9]\d{0,14}$/.test(timestamp)) {
    throw new Problem(
      400,
      'timestamp_refused',
      `oauth_timestamp is ${JSON.stringify(timestamp)}, not a number of seconds since 1970.`,
    );
  }
  const away = Number(timestamp) - now;
  if (Math.abs(away) > TOLERANCE) {
    const where = `${Math.abs(away)} seconds ${away > 0 ? 'ahead of' : 'behind'} the provider's time`;
    throw new Problem(401, 'timestamp_refused', `oauth_timestamp is ${where}; at most ${TOLERANCE} are accepted.`);
  }
  const use = [client.client_id, protocol.get('oauth_token') ?? '', protocol.get('oauth_nonce') ?? ''];
  const fresh = await surroundings.store.write((tx) => useNonce(tx, Number(timestamp), use, now - 2 * TOLERANCE));
  if (!fresh) throw new Problem(401, 'nonce_used', 'This oauth_nonce was used before with the same oauth_timestamp.');
}
