import type { KeyObject } from 'node:crypto';
import { types } from 'node:util';
import { lookUp } from '../../json.ts';
import { nodeCrypto } from '../../node-crypto.ts';
import { type EvaluationContext, IMLError, type IMLFunction } from '../function.ts';
import { textOf as asText } from '../values.ts';
import {
  bytesOf,
  type Collection,
  collectionOf,
  contentOf,
  isCollection,
  isMissing,
  kindOf,
  numberOf,
  put,
  textOf,
  textOr,
} from './coercion.ts';

/*
 * Signatures on node:crypto, which is synchronous where the common libraries for JSON Web Tokens are not. No message
 * ever shows a key. Sources: RFC 7515 (JWS), 7518 (algorithms), 7519 (JWT), 7638 (thumbprints).
 */

const base64url = (data: string | Buffer) => Buffer.from(data).toString('base64url');

const ALGORITHM = /^(HS|RS|PS|ES)(256|384|512)$/;

/** The curve that RFC 7518 gives each algorithm. */
const CURVES: Readonly<Record<string, string>> = { ES256: 'prime256v1', ES384: 'secp384r1', ES512: 'secp521r1' };

/** Shorter RSA keys must not be used (RFC 7518, 3.3). */
const RSA_BITS = 2048;

function privateKey(name: string, key: unknown, surroundings: EvaluationContext): KeyObject {
  const text = asText(key, surroundings);
  try {
    // Keys that were pasted into a form of one line have lost their line breaks.
    return nodeCrypto().createPrivateKey(text.includes('\\n') ? text.replaceAll('\\n', '\n') : text);
  } catch (error) {
    const { code = 'not in PEM' } = error as { code?: string };
    throw new IMLError(`${name} cannot read the private key (${code}).`);
  }
}

/** Signs a token's header and payload. @throws IMLError for an algorithm that is not known or does not fit the key. */
function signToken(
  name: string,
  algorithm: string,
  input: string,
  key: unknown,
  surroundings: EvaluationContext,
): string {
  const [, family = '', bits = ''] = ALGORITHM.exec(algorithm) ?? [];
  const digest = `sha${bits}`;
  if (family === 'HS') {
    const secret = bytesOf(name, key, surroundings);
    if (secret.length === 0) throw new IMLError(`${name} requires a secret that is not empty.`);
    return nodeCrypto().createHmac(digest, secret).update(input).digest('base64url');
  }
  if (family === '') {
    throw new IMLError(`${name} supports only HS, RS, PS and ES with 256, 384 or 512.`);
  }
  const pem = privateKey(name, key, surroundings);
  const { namedCurve, modulusLength = 0 } = pem.asymmetricKeyDetails ?? {};
  if (family === 'ES') {
    if (namedCurve !== lookUp(CURVES, algorithm))
      throw new IMLError(`${algorithm} takes a key on the curve ${lookUp(CURVES, algorithm)}.`);
    return nodeCrypto().sign(digest, Buffer.from(input), { key: pem, dsaEncoding: 'ieee-p1363' }).toString('base64url');
  }
  if (!/^rsa/.test(pem.asymmetricKeyType ?? '')) throw new IMLError(`${algorithm} takes an RSA key.`);
  if (modulusLength < RSA_BITS) throw new IMLError(`${algorithm} takes an RSA key of at least ${RSA_BITS} bits.`);
  const { constants, sign } = nodeCrypto();
  const padding = family === 'PS' ? constants.RSA_PKCS1_PSS_PADDING : constants.RSA_PKCS1_PADDING;
  const saltLength = constants.RSA_PSS_SALTLEN_DIGEST;
  return sign(digest, Buffer.from(input), { key: pem, padding, saltLength }).toString('base64url');
}

const SPANS: Readonly<Record<string, number>> = {
  ms: 0.001,
  s: 1,
  m: 60,
  h: 3600,
  d: 86_400,
  w: 604_800,
  y: 31_557_600,
};

/** Seconds of a span: a number of seconds, or text such as `1h`, `30 m`, `7d`; text of a bare number is milliseconds. */
function secondsOf(name: string, value: unknown, surroundings: EvaluationContext): number {
  if (kindOf(value) === 'number') return numberOf(name, value);
  const text = textOf(name, value, surroundings);
  const [, amount = '', unit = 'ms'] = /^(-?\d+(?:\.\d+)?) ?(ms|s|m|h|d|w|y)?$/.exec(text.trim().toLowerCase()) ?? [];
  if (amount === '') throw new IMLError(`${name} takes a number of seconds or a span such as 1h.`);
  return Number(amount) * (lookUp(SPANS, unit) ?? 1);
}

/** The claims that an option sets, under the names that jsonwebtoken has for them. */
const CLAIMS = { audience: 'aud', issuer: 'iss', subject: 'sub', jwtid: 'jti' } as const;

/**
 * The claims of a payload and options. Nothing is said about the time of issue unless the payload does or the option
 * `noTimestamp` is false, as in Make's runtime; spans count from there, or from now.
 */
function claimsOf(payload: Collection, options: Collection, surroundings: EvaluationContext): Collection {
  const claims: Collection = {};
  for (const [key, value] of Object.entries(payload)) put(claims, key, value);
  const issued = isMissing(payload.iat)
    ? Math.floor(surroundings.now().getTime() / 1000)
    : numberOf('jwt', payload.iat);
  if (options.noTimestamp === false) claims.iat = issued;
  for (const [option, claim] of [['notBefore', 'nbf'] as const, ['expiresIn', 'exp'] as const]) {
    if (isMissing(options[option])) continue;
    if (Object.hasOwn(payload, claim)) throw new IMLError(`jwt takes ${option} or the claim ${claim}, not both.`);
    claims[claim] = Math.floor(issued + secondsOf('jwt', options[option], surroundings));
  }
  for (const [option, claim] of Object.entries(CLAIMS)) {
    if (isMissing(options[option])) continue;
    if (Object.hasOwn(payload, claim)) throw new IMLError(`jwt takes ${option} or the claim ${claim}, not both.`);
    claims[claim] = options[option];
  }
  return claims;
}

function tokenOf(
  name: string,
  payload: unknown,
  key: unknown,
  algorithm: string,
  options: Collection,
  surroundings: EvaluationContext,
): string {
  if (isMissing(key)) throw new IMLError(`${name} requires a key.`);
  contentOf([payload, options], surroundings);
  const object = isCollection(payload);
  const header: Collection = { alg: algorithm };
  if (object) header.typ = 'JWT';
  if (!isMissing(options.keyid)) header.kid = options.keyid;
  for (const [field, value] of Object.entries(collectionOf(name, options.header))) {
    // The signature is made with the algorithm that the argument names, so the header must not name another.
    if (field !== 'alg') put(header, field, value);
  }
  const body = object ? JSON.stringify(claimsOf(payload, options, surroundings)) : asText(payload, surroundings);
  const input = `${base64url(JSON.stringify(header))}.${base64url(body)}`;
  return `${input}.${signToken(name, algorithm, input, key, surroundings)}`;
}

/** The thumbprint of a key (RFC 7638): the hash of its required members in the order of their names. */
function thumbprintOf(key: unknown, algorithm: string, jwtAlgorithm: string, surroundings: EvaluationContext): string {
  const name = 'generateJwtWithKeyId';
  const [, , bits] = ALGORITHM.exec(algorithm) ?? [];
  if (bits === undefined) throw new IMLError(`${name} takes thumbprints with HS256, HS384 or HS512.`);
  const object = jwtAlgorithm.startsWith('HS')
    ? nodeCrypto().createSecretKey(bytesOf(name, key, surroundings))
    : nodeCrypto().createPublicKey(privateKey(name, key, surroundings));
  const { crv, e, k, kty, n, x, y } = object.export({ format: 'jwk' });
  return nodeCrypto().createHash(`sha${bits}`).update(JSON.stringify({ crv, e, k, kty, n, x, y })).digest('base64url');
}

const KEY_TYPE = { union: ['text', 'buffer'] } as const;

export const SIGNING: readonly IMLFunction[] = [
  {
    name: 'jwt',
    parameters: [
      { name: 'payload', type: { union: ['collection', 'text'] } },
      { name: 'secret', type: KEY_TYPE },
      { name: 'algorithm', type: 'text', optional: true },
      { name: 'options', type: 'collection', optional: true },
    ],
    returns: 'text',
    summary:
      'Makes a signed JSON Web Token, with HS256 unless another of HS, RS, PS and ES is named; the key of the last three is PEM.',
    example: {
      template: "{{jwt(payload, 'your-256-bit-secret')}}",
      scope: { payload: { sub: '1234567890', name: 'John Doe', iat: 1516239022 } },
      result:
        'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIiwiaWF0IjoxNTE2MjM5MDIyfQ.SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c',
    },
    run: ([payload, secret, algorithm, options], surroundings) =>
      isMissing(payload)
        ? payload
        : tokenOf(
            'jwt',
            payload,
            secret,
            textOr('jwt', algorithm, 'HS256', surroundings),
            collectionOf('jwt', options),
            surroundings,
          ),
  },
  {
    name: 'generateJwtWithKeyId',
    parameters: [
      { name: 'payload', type: { union: ['collection', 'text'] } },
      { name: 'key', type: KEY_TYPE },
      { name: 'algorithm', type: 'text', optional: true },
      { name: 'thumbprintAlgorithm', type: 'text', optional: true },
      { name: 'options', type: 'collection', optional: true },
    ],
    returns: 'text',
    summary: "Makes a signed JSON Web Token, with HS512 unless another is named, whose kid is the key's thumbprint.",
    example: {
      template: "{{generateJwtWithKeyId(payload, 'secret')}}",
      scope: { payload: { sub: '1' } },
      result:
        'eyJhbGciOiJIUzUxMiIsInR5cCI6IkpXVCIsImtpZCI6IkRXQmgwU0VJQVBZaDF4NXV2b3Q0ejNBaGFpa0hreE5KYTNBZGEyZlQtQ2cifQ.eyJzdWIiOiIxIn0.xwjN8frDSsIdf6dv90V-LENfYZnxaEcoIPGzADausVhhRyCLaYd3DF_fupNenohSjaV5551m-B7b-5NBXH7vbA',
    },
    run: ([payload, key, algorithm, thumbprintAlgorithm, options], surroundings) => {
      if (isMissing(payload)) return payload;
      const name = 'generateJwtWithKeyId';
      if (isMissing(key)) throw new IMLError(`${name} requires a key.`);
      const jwtAlgorithm = textOr(name, algorithm, 'HS512', surroundings);
      const keyid = thumbprintOf(
        key,
        textOr(name, thumbprintAlgorithm, 'HS256', surroundings),
        jwtAlgorithm,
        surroundings,
      );
      const all: Collection = {};
      for (const [option, value] of Object.entries(collectionOf(name, options))) put(all, option, value);
      return tokenOf(name, payload, key, jwtAlgorithm, { ...all, keyid }, surroundings);
    },
  },
  {
    name: 'cryptoSign',
    parameters: [
      { name: 'algorithm', type: { union: ['text', 'null'] } },
      { name: 'data', type: { union: ['text', 'buffer'] } },
      { name: 'key', type: KEY_TYPE },
      { name: 'encoding', type: 'text', optional: true },
    ],
    returns: 'text',
    summary: 'Signs data with a private key in PEM and gives the signature in hex, base64, base64url or latin1.',
    example: {
      // The key and the signature of test 2 of RFC 8032, 7.1; Ed25519 brings its own hash.
      template: "{{cryptoSign(null, 'r', key)}}",
      scope: {
        key: '-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIEzNCJso/5banbbDRuwRTg9bijGfNaumJNqM9u1PuKb7\n-----END PRIVATE KEY-----',
      },
      result:
        '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
    },
    run: ([algorithm, data, key, encoding], surroundings) => {
      if (isMissing(data)) return data;
      if (isMissing(key)) throw new IMLError('cryptoSign requires a key.');
      const form = textOr('cryptoSign', encoding, 'hex', surroundings).toLowerCase();
      if (!/^(hex|base64|base64url|latin1|binary)$/.test(form)) {
        throw new IMLError(`cryptoSign supports only the encodings hex, base64, base64url and latin1.`);
      }
      const digest = isMissing(algorithm) ? null : textOf('cryptoSign', algorithm, surroundings);
      const bytes = bytesOf('cryptoSign', data, surroundings);
      const pem = privateKey('cryptoSign', types.isUint8Array(key) ? asText(key, surroundings) : key, surroundings);
      try {
        return nodeCrypto()
          .sign(digest, bytes, pem)
          .toString(form as BufferEncoding);
      } catch (error) {
        throw new IMLError(`cryptoSign cannot sign with that algorithm and key: ${(error as Error).message}.`);
      }
    },
  },
];
