import { createHash, createHmac, randomBytes } from 'node:crypto';
import { lookUp } from '@connectorkit/sdk/emulator';
import { timeIn } from '../../clock.ts';
import type { Outgoing } from '../../emulate.ts';
import { keyOf } from '../keys.ts';
import { isSame, type User, usersOf } from '../registered.ts';
import { REALM, type ResourceCall, refusal, welcome } from '../resource.ts';
import { type DigestParameters, readDigest } from './header.ts';

/** The algorithms of RFC 7616, section 6.1, and what Node calls them; the strongest first, as they are offered. */
const HASHES = { 'SHA-512-256': 'sha512-256', 'SHA-256': 'sha256', MD5: 'md5' } as const;
export type DigestAlgorithm = keyof typeof HASHES;

/** Proof of a request: its credentials and its challenge. */
export interface DigestProof {
  readonly algorithm: DigestAlgorithm;
  readonly username: string;
  readonly password: string;
  readonly realm: string;
  readonly nonce: string;
  /** Absent as in RFC 2069, with `nc` and `cnonce`. */
  readonly qop?: 'auth' | 'auth-int';
  readonly nc?: string;
  readonly cnonce?: string;
  /** Empty for what a server proves in return. */
  readonly method: string;
  readonly uri: string;
  /** Of the message, for `auth-int`. */
  readonly body?: Uint8Array;
}

/** The `response` of RFC 7616, section 3.4.1. */
export function digestResponse(proof: DigestProof): string {
  const { algorithm, username, password, realm, nonce, qop, nc, cnonce, method, uri, body = '' } = proof;
  const hash = (...parts: readonly (string | undefined)[]) => hashOf(algorithm, parts.join(':'));
  const secret = hash(username, realm, password);
  const asked = qop === 'auth-int' ? hash(method, uri, hashOf(algorithm, body)) : hash(method, uri);
  return qop === undefined ? hash(secret, nonce, asked) : hash(secret, nonce, nc, cnonce, qop, asked);
}

/** The `username` of a request with `userhash`: RFC 7616, section 3.4.4. */
export function userHash(algorithm: DigestAlgorithm, username: string, realm: string): string {
  return hashOf(algorithm, `${username}:${realm}`);
}

function hashOf(algorithm: DigestAlgorithm, data: string | Uint8Array): string {
  return createHash(HASHES[algorithm]).update(data).digest('hex');
}

/** Seconds for which a nonce is good, by the harness's clock. */
const LIFETIME = 300;

/** Values of the query parameter that stand for both of them. */
const QOPS: Readonly<Record<string, readonly string[]>> = { auth: ['auth'], 'auth-int': ['auth-int'], none: [] };

/** Offer of one resource: its algorithms and its qop. */
interface Offer {
  readonly algorithms: readonly DigestAlgorithm[];
  /** None as in RFC 2069. */
  readonly qop: readonly string[];
  readonly userhash: boolean;
}

/** A path that has an algorithm, a qop, and below them whatever an API with a host to itself would be asked for. */
export const MOUNTED = /^(\/resources\/digest\/(?:md5|sha-256|sha-512-256)\/(auth|auth-int|none))\//;

/**
 * RFC 7616, strictly: the algorithm that was asked for, the whole target in `uri`, `nc` from 1 for each nonce, no nonce
 * twice, and none after five minutes. The path names one algorithm, or several are offered; the query may ask for
 * `qop=auth`, `auth-int` or `none` (RFC 2069) instead of a list, and for `userhash=true`. Below a path that names both,
 * the target is what follows, as at an API that has a host to itself.
 */
export async function digest(call: ResourceCall): Promise<Outgoing> {
  const { incoming, path, query, surroundings } = call;
  const [, named] = /^\/resources\/digest\/([\w-]+)/.exec(path) ?? [];
  const algorithms = (Object.keys(HASHES) as DigestAlgorithm[]).filter(
    (each) => named === undefined || each === named.toUpperCase(),
  );
  const [, mount = '', mounted] = MOUNTED.exec(path) ?? [];
  const qop = lookUp(QOPS, mounted ?? query.get('qop') ?? '') ?? ['auth', 'auth-int'];
  const offer = { algorithms, qop, userhash: query.get('userhash') === 'true' };
  const key = await keyOf('digest', surroundings);
  const now = await surroundings.store.read((tx) => timeIn(tx, surroundings.now()));
  const seconds = Math.floor(now.getTime() / 1000);
  const refuse = (message: string, stale = false) =>
    refusal(401, challenges(offer, nonceAt(seconds, key), stale), message);
  const { authorization } = incoming.headers;
  if (authorization === undefined) return refuse('Send Authorization: Digest.');
  const read = readDigest(String(authorization));
  if ('fault' in read) return refuse(read.fault);
  const given = read.parameters;
  const fault = misfit(given, offer, targetBelow(mount, incoming.url)) ?? nonceFault(given, seconds, key);
  if (fault !== undefined) return refuse(fault);
  const user = await prover(given, call);
  if (user === undefined) return refuse(await unprovenFault(given, call));
  // Only who knows the password is told that the nonce alone is to blame: RFC 7616, section 3.3.
  if (seconds - issuedAt(given.nonce) > LIFETIME) return refuse('The nonce is more than five minutes old.', true);
  const counted = given.qop === undefined ? undefined : await countFault(given, seconds, call);
  return counted === undefined ? proved(user, given) : refuse(counted);
}

function targetBelow(mount: string, url: string): string {
  return mount === '' ? url : url.slice(url.indexOf(mount) + mount.length);
}

/** Returns why the parameters do not fit the resource, in one sentence. */
function misfit(given: DigestParameters, { algorithms, qop, userhash }: Offer, target: string): string | undefined {
  const { algorithm = 'MD5' } = given;
  const wanted = algorithms.join(' or ');
  if (!algorithms.includes(algorithm as DigestAlgorithm)) {
    return given.algorithm === undefined
      ? `algorithm is missing, which means MD5; ${wanted} is required.`
      : `The algorithm is ${algorithm}; ${wanted} is required.`;
  }
  if (given.realm !== REALM)
    return `The realm is ${JSON.stringify(given.realm)}, but the challenge has ${JSON.stringify(REALM)}.`;
  if (given.opaque !== OPAQUE) return 'opaque is not the value from the challenge.';
  if (given.uri !== target) {
    const [path] = target.split('?', 1);
    return given.uri === path
      ? 'uri lacks the query; it must be the whole target of the request.'
      : 'uri is not the target of the request.';
  }
  const offered = qop.join(', ');
  if (qop.length === 0 && given.qop !== undefined) return `qop is ${given.qop}, but the challenge offers none.`;
  if (qop.length > 0 && given.qop === undefined) return `qop is missing; the challenge offers ${offered}.`;
  if (given.qop !== undefined && !qop.includes(given.qop))
    return `qop is ${given.qop}, but the challenge offers ${offered}.`;
  if (given.userhash === 'true' && !userhash) return 'userhash is true, but the challenge does not offer it.';
  return undefined;
}

const OPAQUE = Buffer.from(REALM).toString('base64url');

function challenges({ algorithms, qop, userhash }: Offer, nonce: string, stale: boolean): string[] {
  return algorithms.map((algorithm) =>
    [
      `Digest realm="${REALM}"`,
      ...(qop.length === 0 ? [] : [`qop="${qop.join(', ')}"`]),
      `algorithm=${algorithm}`,
      `nonce="${nonce}"`,
      `opaque="${OPAQUE}"`,
      'charset=UTF-8',
      `userhash=${userhash}`,
      ...(stale ? ['stale=true'] : []),
    ].join(', '),
  );
}

/** Says when it was made, and that it was made here: nothing is kept until somebody has used it. */
function nonceAt(seconds: number, key: string): string {
  const made = `${seconds.toString(36)}.${randomBytes(9).toString('base64url')}`;
  return `${made}.${sealOf(made, key)}`;
}

function sealOf(made: string, key: string): string {
  return createHmac('sha256', key).update(made).digest('base64url').slice(0, 22);
}

function issuedAt(nonce: string): number {
  return Number.parseInt(nonce, 36);
}

function nonceFault({ nonce }: DigestParameters, seconds: number, key: string): string | undefined {
  const [, made, seal] = /^([\w]+\.[\w-]+)\.([\w-]+)$/.exec(nonce) ?? [];
  if (made === undefined || seal === undefined || !isSame(sealOf(made, key), seal))
    return 'The nonce is not one that this provider issued.';
  return issuedAt(nonce) > seconds
    ? 'The nonce was issued in the future: the harness’s clock was set back.'
    : undefined;
}

/** The user whose password the request proves. */
async function prover(
  given: DigestParameters,
  { incoming, surroundings }: ResourceCall,
  algorithm = (given.algorithm ?? 'MD5') as DigestAlgorithm,
): Promise<User | undefined> {
  const users = await surroundings.store.read(usersOf);
  return users.find(({ username, password }) => {
    const name = given.userhash === 'true' ? userHash(algorithm, username, REALM) : username;
    if (name !== given.username) return false;
    const proof = {
      ...given,
      algorithm,
      username,
      password,
      method: incoming.method,
      body: incoming.body ?? Buffer.alloc(0),
    };
    return isSame(digestResponse(proof as DigestProof), given.response);
  });
}

/** Some clients name the algorithm of the challenge and compute with another: curl 7.88 does so with SHA-512-256. */
async function unprovenFault(given: DigestParameters, call: ResourceCall): Promise<string> {
  const named = given.algorithm ?? 'MD5';
  for (const other of Object.keys(HASHES) as DigestAlgorithm[]) {
    if (other !== named && (await prover(given, call, other)) !== undefined)
      return `The response was computed with ${other}, but the algorithm is ${named}.`;
  }
  return 'The user name, the password or another hashed value is wrong.';
}

/** A request that uses a nonce counts: from 1, and never the same number twice. */
async function countFault({ nonce, nc = '' }: DigestParameters, seconds: number, { surroundings }: ResourceCall) {
  const place = ['provider', 'nonce'];
  const count = Number.parseInt(nc, 16);
  return surroundings.store.write(async (tx) => {
    for (const { key } of await tx.list(place)) {
      if (seconds - issuedAt(String(key.at(-1))) > LIFETIME) await tx.delete(key);
    }
    const last = (await tx.get<number>([...place, nonce])) ?? 0;
    if (last === 0 && count !== 1) return `nc is ${nc}; it begins at 00000001 for each nonce.`;
    if (count <= last) return `nc is ${nc}, which was used before with this nonce.`;
    await tx.set([...place, nonce], count);
    return undefined;
  });
}

/** With what proves that the server knows the password as well: RFC 7616, section 3.5. */
function proved(user: User, given: DigestParameters): Outgoing {
  const algorithm = (given.algorithm ?? 'MD5') as DigestAlgorithm;
  const answer = welcome(user, { scheme: 'digest', algorithm, ...(given.qop && { qop: given.qop }) });
  if (given.qop === undefined) return answer;
  const { qop, nc, cnonce = '' } = given;
  const { username, password } = user;
  const proof = { ...given, algorithm, username, password, method: '', body: Buffer.from(answer.body) };
  const info = `rspauth="${digestResponse(proof as DigestProof)}", qop=${qop}, nc=${nc}, cnonce="${cnonce.replace(/["\\]/g, '\\$&')}"`;
  return { ...answer, headers: { ...answer.headers, 'authentication-info': info } };
}
