import { userOf } from '../registered.ts';
import { challenge, type Resource, refusal, welcome } from '../resource.ts';

/** Access tokens in the Authorization header: RFC 6750, section 2.1. `?scope=` names what the token has to be good for. */
export const bearer: Resource = async ({ incoming: { headers }, query, provider, surroundings: { store } }) => {
  const [, token] = /^Bearer +([\w.~+/=-]+)$/i.exec(String(headers.authorization ?? '')) ?? [];
  if (token === undefined) return refusal(401, [challenge('Bearer')], 'Send an access token as Authorization: Bearer.');
  const { AccessToken, ClientCredentials } = await provider();
  const found = (await AccessToken.find(token)) ?? (await ClientCredentials.find(token));
  if (found === undefined) {
    return refused(401, {
      error: 'invalid_token',
      error_description: 'The access token is unknown, expired or revoked.',
    });
  }
  const scope = query.get('scope') ?? '';
  const had = (found.scope ?? '').split(' ');
  const lacking = scope.split(' ').filter((each) => each !== '' && !had.includes(each));
  if (lacking.length > 0) {
    const description = `The access token lacks the scope ${lacking.join(' ')}.`;
    return refused(403, { error: 'insufficient_scope', error_description: description, scope });
  }
  const username = 'accountId' in found ? found.accountId : undefined;
  const user = username === undefined ? undefined : await store.read((tx) => userOf(username, tx));
  return welcome(user, { client_id: found.clientId, scope: found.scope ?? '' });
};

function refused(
  status: number,
  parameters: { readonly error: string; readonly error_description: string; scope?: string },
) {
  const { error, error_description: message } = parameters;
  return refusal(status, [challenge('Bearer', { ...parameters })], message, { error });
}
