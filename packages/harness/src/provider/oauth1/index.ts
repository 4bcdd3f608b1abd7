import { timeIn } from '../../clock.ts';
import type { Outgoing } from '../../emulate.ts';
import { escaped } from '../../html.ts';
import { PROVIDER } from '../endpoints.ts';
import { clientOf, userOf } from '../registered.ts';
import { challenge, type Resource, type ResourceCall, refusal, welcome } from '../resource.ts';
import { decisionForm, pageOf, signedIn, signInFields } from '../sign-in.ts';
import { Problem, verified } from './request.ts';
import { draw, dropToken, keepToken, tokenOf } from './tokens.ts';

/** Seconds for which a request token is good. */
const LIFETIME = 600;

/** The answers to what is refused name the problem, and the base string where the signature is wrong. */
function answering(answer: Resource): Resource {
  return async (call) => {
    try {
      return await answer(call);
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      const { status, problem: error, message, base } = problem;
      const wanted = challenge('OAuth', { oauth_problem: error });
      return refusal(status, [wanted], message, { error, ...(base !== undefined && { base_string: base }) });
    }
  };
}

/** Gives a request token, for a callback that the client is registered for: RFC 5849, section 2.1. */
export const requestToken = answering(async (call) => {
  onlyPost(call);
  const { client, protocol } = await verified(call);
  const callback = protocol.get('oauth_callback');
  if (callback === undefined)
    throw new Problem(400, 'parameter_absent', 'oauth_callback is missing; it must be a URL or oob.');
  if (callback !== 'oob') {
    const { Client } = await call.provider();
    const registered = URL.canParse(callback) && (await Client.find(client.client_id))?.redirectUriAllowed(callback);
    if (!registered)
      throw new Problem(401, 'callback_rejected', 'The client is not registered for this oauth_callback.');
  }
  const { id, secret } = fresh(call);
  const { store, now } = call.surroundings;
  await store.write(async (tx) => {
    const ends = Math.floor((await timeIn(tx, now())).getTime() / 1000) + LIFETIME;
    await keepToken(tx, id, { kind: 'request', consumer: client.client_id, secret, callback, ends });
  });
  return form({ oauth_token: id, oauth_token_secret: secret, oauth_callback_confirmed: 'true' });
});

/** Where users agree; their browser is sent back with a verifier: RFC 5849, section 2.2. */
export const authorize: Resource = async ({ incoming: { method }, query, form: given, surroundings }) => {
  const id = query.get('oauth_token') ?? '';
  const { store, now } = surroundings;
  const { token, client } = await store.read(async (tx) => {
    const found = await tokenOf(id, tx);
    const ended = (found?.ends ?? 0) <= (await timeIn(tx, now())).getTime() / 1000;
    const usable = found?.kind === 'request' && found.username === undefined && !ended;
    return { token: usable ? found : undefined, client: usable ? await clientOf(found.consumer, tx) : undefined };
  });
  if (token?.callback === undefined || client === undefined) {
    return pageOf(
      400,
      'This did not work',
      '<p>The oauth_token is unknown, used or expired. Start again from the app.</p>',
    );
  }
  const target = token.callback === 'oob' ? undefined : new URL(token.callback);
  const show = (failed: boolean) => {
    const action = `${PROVIDER.path}/oauth1/authorize?oauth_token=${encodeURIComponent(id)}`;
    const body = `<p><strong>${escaped(client.client_name ?? client.client_id)}</strong> wants to use your account.</p>
${decisionForm(action, signInFields(failed), target)}`;
    return pageOf(failed ? 400 : 200, 'Allow access', body, target);
  };
  if (method !== 'POST') return show(false);
  if (given.get('decision') !== 'allow') {
    await store.write((tx) => dropToken(tx, id));
    if (target === undefined) return pageOf(200, 'Access was not allowed', '<p>You can close this page.</p>');
    return back(target, { oauth_token: id, oauth_problem: 'user_refused' });
  }
  const username = await signedIn(given, surroundings);
  if (username === undefined) return show(true);
  const verifier = draw();
  surroundings.learn(verifier);
  await store.write((tx) => keepToken(tx, id, { ...withoutId(token), username, verifier }));
  if (target !== undefined) return back(target, { oauth_token: id, oauth_verifier: verifier });
  return pageOf(200, 'Access is allowed', `<p>Give this code to the app: <code>${verifier}</code></p>`);
};

/** Trades a request token and its verifier for a token that gives access: RFC 5849, section 2.3. */
export const accessToken = answering(async (call) => {
  onlyPost(call);
  const { client, token, protocol } = await verified(call, 'request');
  const verifier = protocol.get('oauth_verifier');
  if (verifier === undefined) throw new Problem(400, 'parameter_absent', 'oauth_verifier is missing.');
  if (token?.username === undefined) throw new Problem(401, 'permission_unknown', 'The user has not agreed yet.');
  if (verifier !== token.verifier)
    throw new Problem(401, 'verifier_invalid', 'The oauth_verifier does not belong to this oauth_token.');
  const { id, secret } = fresh(call);
  const { username } = token;
  const traded = await call.surroundings.store.write(async (tx) => {
    await keepToken(tx, id, { kind: 'access', consumer: client.client_id, secret, username });
    return dropToken(tx, token.id);
  });
  if (!traded) throw new Problem(401, 'token_used', 'The oauth_token was used before.');
  return form({ oauth_token: id, oauth_token_secret: secret });
});

/** The resource that an access token opens: RFC 5849, section 3. */
export const protectedResource = answering(async (call) => {
  const { client, token } = await verified(call, 'access');
  const user = await call.surroundings.store.read((tx) => userOf(token?.username ?? '', tx));
  if (user === undefined) throw new Problem(401, 'token_rejected', 'The user of this token no longer exists.');
  return welcome(user, { scheme: 'oauth1', client_id: client.client_id });
});

function onlyPost({ incoming: { method } }: ResourceCall): void {
  if (method !== 'POST') throw new Problem(400, 'parameter_rejected', 'Tokens are requested with POST.');
}

/** A token and its secret, which the journal does not show. */
function fresh({ surroundings }: ResourceCall) {
  const [id, secret] = [draw(), draw()];
  for (const each of [id, secret]) surroundings.learn(each);
  return { id, secret };
}

function withoutId<T extends { readonly id: string }>({ id: _, ...others }: T): Omit<T, 'id'> {
  return others;
}

function form(values: Record<string, string>): Outgoing {
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  return { status: 200, headers, body: new URLSearchParams(values).toString() };
}

function back(target: URL, parameters: Record<string, string>): Outgoing {
  const url = new URL(target);
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return { status: 303, headers: { location: url.href }, body: '' };
}
