import { createPublicKey, createSecretKey } from 'node:crypto';
import { decodeJwt, errors as faults, jwtVerify } from 'jose';
import { errors, type Provider, type TokenEndpointGrantContext } from 'oidc-provider';
import { timeIn } from '../clock.ts';
import { type Client, clientOf, isSame, type User, userOf } from './registered.ts';
import type { ProviderContext } from './stored-model.ts';

/**
 * The grant of RFC 7523, section 2.1, and the client by which the library knows requests that name none: an assertion
 * needs no other proof, and its issuer is the client then (RFC 7521, section 4.1).
 */
export const JWT_BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer';

/** Adds the grants that the library leaves to others: password (RFC 6749, section 4.3) and JWT bearer (RFC 7523). */
export function ownGrants(provider: Provider, surroundings: ProviderContext): void {
  const { store } = surroundings;
  provider.registerGrantType<{ username?: string; password?: string; scope?: string }>(
    'password',
    async (context) => {
      const { username, password } = context.oidc.params;
      if (!username || !password) throw new errors.InvalidRequest('missing required parameter(s) username, password');
      const user = await store.read((tx) => userOf(username, tx));
      if (user === undefined || !isSame(user.password, password))
        throw new errors.InvalidGrant('wrong username or password');
      await issue(provider, context, { client: context.oidc.client, user, refreshable: true });
    },
    ['username', 'password', 'scope'],
  );
  provider.registerGrantType<{ assertion?: string; scope?: string }>(
    JWT_BEARER,
    async (context) => {
      const { assertion } = context.oidc.params;
      if (!assertion) throw new errors.InvalidRequest('missing required parameter(s) assertion');
      const { issuer, user } = await assertedBy(assertion, context, surroundings);
      const client =
        context.oidc.client.clientId === JWT_BEARER ? await clientNamed(issuer, provider) : context.oidc.client;
      await issue(provider, context, { client, user, refreshable: false });
    },
    ['assertion', 'scope'],
  );
}

type GrantContext = TokenEndpointGrantContext<{ scope?: string }>;
type KnownClient = GrantContext['oidc']['client'];

async function clientNamed(id: string, provider: Provider): Promise<KnownClient> {
  const client = await provider.Client.find(id);
  if (client?.grantTypeAllowed(JWT_BEARER)) return client;
  throw new errors.UnauthorizedClient('requested grant type is not allowed for the iss of the assertion');
}

/** Answers with tokens for what the client asks for in the name of a user. */
async function issue(
  provider: Provider,
  context: GrantContext,
  {
    client,
    user: { username },
    refreshable,
  }: { readonly client: KnownClient; readonly user: User; readonly refreshable: boolean },
): Promise<void> {
  const { params } = context.oidc;
  const asked = params.scope?.split(' ').filter(Boolean) ?? [];
  const allowed = new Set(client.scope?.split(' '));
  const refused = asked.filter((scope) => !allowed.has(scope));
  if (refused.length > 0) throw new errors.InvalidScope('requested scope is not allowed', refused.join(' '));
  const scope = asked.join(' ');
  const grant = new provider.Grant({ accountId: username, clientId: client.clientId });
  if (scope !== '') grant.addOIDCScope(scope);
  const of = { accountId: username, client, grantId: await grant.save(), gty: String(params.grant_type), scope };
  const token = new provider.AccessToken(of as ConstructorParameters<typeof provider.AccessToken>[0]);
  const access = await token.save();
  const withRefresh =
    refreshable &&
    client.grantTypeAllowed('refresh_token') &&
    (client as { refresh_tokens?: string }).refresh_tokens !== 'none';
  const refresh = withRefresh
    ? await new provider.RefreshToken({ ...of, rotations: 0 } as ConstructorParameters<
        typeof provider.RefreshToken
      >[0]).save()
    : undefined;
  context.body = {
    access_token: access,
    expires_in: token.expiration,
    token_type: token.tokenType,
    ...(scope === '' ? {} : { scope }),
    ...(refresh === undefined ? {} : { refresh_token: refresh }),
  };
}

/**
 * Who asks by an assertion, and in whose name. The issuer is a client; what proves the assertion is its public key, or
 * with an HMAC its secret.
 * @throws invalid_grant that names the claim which is wrong: RFC 7523, section 3.
 */
async function assertedBy(
  assertion: string,
  { oidc }: GrantContext,
  { store, now }: ProviderContext,
): Promise<{ readonly issuer: string; readonly user: User }> {
  const issuer = issuerIn(assertion);
  const { client, at } = await store.read(async (tx) => ({
    client: await clientOf(issuer, tx),
    at: await timeIn(tx, now()),
  }));
  if (client === undefined)
    throw new errors.InvalidGrant(`the iss of the assertion is not the id of a client: ${JSON.stringify(issuer)}`);
  const audience = [oidc.issuer, oidc.urlFor('token')];
  const { sub, exp } = await jwtVerify(assertion, (header) => keyOf(client, header.alg), {
    audience,
    currentDate: at,
    clockTolerance: 5,
    requiredClaims: ['sub', 'exp'],
  })
    .then(({ payload }) => payload)
    .catch((fault: unknown) => {
      throw new errors.InvalidGrant(`the assertion is refused: ${reasonOf(fault, audience)}`);
    });
  if (Number(exp) > at.getTime() / 1000 + 3600 + 5)
    throw new errors.InvalidGrant('the exp of the assertion is more than an hour away');
  const user = await store.read((tx) => userOf(String(sub), tx));
  if (user === undefined)
    throw new errors.InvalidGrant(`the sub of the assertion is not the name of a user: ${JSON.stringify(sub)}`);
  return { issuer, user };
}

function issuerIn(assertion: string): string {
  try {
    const { iss } = decodeJwt(assertion);
    if (typeof iss === 'string') return iss;
  } catch {
    throw new errors.InvalidGrant('the assertion is not a JWT');
  }
  throw new errors.InvalidGrant('the assertion has no iss');
}

function keyOf({ public_key: pem, client_secret: secret }: Client, algorithm: string | undefined) {
  if (algorithm?.startsWith('HS') && secret !== undefined) return createSecretKey(Buffer.from(secret));
  if (pem !== undefined && algorithm !== undefined && !algorithm.startsWith('HS')) return createPublicKey(pem);
  throw new errors.InvalidGrant(
    `there is no key for ${algorithm}; register a public_key, or sign with HS256 and the secret`,
  );
}

function reasonOf(fault: unknown, audience: readonly string[]): string {
  if (fault instanceof errors.OIDCProviderError) return fault.error_detail ?? fault.message;
  if (fault instanceof faults.JWTClaimValidationFailed && fault.claim === 'aud')
    return `aud must be one of ${audience.join(', ')}`;
  if (fault instanceof faults.JWSSignatureVerificationFailed)
    return 'its signature was not made with the key of its iss';
  return fault instanceof Error ? fault.message.replaceAll('"', "'") : String(fault);
}
