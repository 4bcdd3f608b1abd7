import type { Operations } from '@connectorkit/sdk/platforms/workato';
import { type Behaviours, type Principal, Refusal } from '../../emulator.ts';
import type { ReadTransaction } from '../../store/store.ts';
import { connect } from './changes.ts';
import { connectionPage } from './page.ts';
import { providerNamed } from './providers.ts';
import { accountOf, connectionAt, managedUserAt } from './records.ts';

/** The page on which a customer connects, and what it sends. Who the customer is says the link. */
export const behaviours: Pick<Behaviours<Operations>, 'showEmbeddedConnection' | 'connectEmbeddedConnection'> = {
  showEmbeddedConnection: async ({ path, principal, published }, tx) => {
    const user = await customer(principal, tx);
    const connection = await connectionAt(accountOf(user), path.connection_id, tx);
    const provider = await providerNamed(connection.provider ?? '', { published }, tx);
    const { headers, body } = connectionPage(connection, provider, originOf(user.origin_url));
    return { mediaType: 'text/html', headers, body };
  },

  connectEmbeddedConnection: async ({ path, body, principal, now, published }, tx) => {
    const account = accountOf(await customer(principal, tx));
    const connection = await connectionAt(account, path.connection_id, tx);
    const provider = await providerNamed(connection.provider ?? '', { published }, tx);
    if (provider === undefined) throw new Refusal('invalid', 'The connection has no provider.');
    const { input, consent } = body;
    const after = await connect(account, connection, provider, { input }, { now }, tx, consent);
    const connected = after.authorization_status === 'success';
    return { body: { connected, message: connected ? null : (after.authorization_error ?? 'Consent is needed') } };
  },
};

function customer(principal: Principal, tx: ReadTransaction) {
  return managedUserAt(principal.subject ?? '', principal, tx);
}

/** The origin that may hold the page and is told what happens on it; undefined when none was set. */
function originOf(url: string | null): string | undefined {
  if (url === null || !URL.canParse(url)) return undefined;
  const { protocol, origin } = new URL(url);
  return protocol === 'http:' || protocol === 'https:' ? origin : undefined;
}
