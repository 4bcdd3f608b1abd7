import { ConnectorError } from '@connectorkit/sdk/emulator';
import { PROVIDER } from './endpoints.ts';

/** Pages and redirects between the first address and the last. */
const STEPS = 20;

/**
 * Signs in at the local provider as its demo user and agrees, as a browser would: keeps cookies and submits the form.
 * @param harness the address of the provider's harness; nothing but the provider is asked
 * @param redirectUri where the provider sends the browser at the end; it is not asked either
 * @returns the query string of that last address
 * @throws ConnectorError refused `connect/headless` when the provider shows something else
 */
export async function visitLocally(url: string, harness: string, redirectUri: string): Promise<URLSearchParams> {
  const cookies = new Map<string, string>();
  let next: { url: string; form?: URLSearchParams } = { url };
  let agreed = false;
  for (let step = 0; step < STEPS; step++) {
    if (next.url.split(/[?#]/, 1)[0] === redirectUri) return new URL(next.url).searchParams;
    if (!next.url.startsWith(`${harness}${PROVIDER.path}/`)) throw strange(`it leads to ${new URL(next.url).origin}`);
    const response = await fetch(next.url, {
      redirect: 'manual',
      headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
      ...(next.form === undefined ? {} : { method: 'POST', body: next.form }),
      signal: AbortSignal.timeout(60_000),
    });
    for (const cookie of response.headers.getSetCookie()) keep(cookie, cookies);
    const location = response.headers.get('location');
    if (location !== null) {
      next = { url: new URL(location, next.url).href };
      continue;
    }
    const page = await response.text();
    const action = /<form method="post" action="([^"]+)"/.exec(page)?.[1];
    if (action === undefined || agreed) throw strange(reasonIn(page));
    agreed = true;
    const form = new URLSearchParams({ username: 'demo', password: 'demo-password', decision: 'allow' });
    next = { url: new URL(action, next.url).href, form };
  }
  throw strange(`it redirects more than ${STEPS} times`);
}

function keep(cookie: string, cookies: Map<string, string>): void {
  const [pair = ''] = cookie.split(';', 1);
  const [name = '', ...value] = pair.split('=');
  cookies.set(name.trim(), value.join('='));
}

/** Returns the text of an error page, without its markup. */
function reasonIn(page: string): string {
  const [, text = 'it shows a page that is not the consent page'] = /<p[^>]*>([^<]+)<\/p>/.exec(page) ?? [];
  return text.trim().replace(/\.$/, '');
}

function strange(why: string): ConnectorError {
  return new ConnectorError('refused', {
    code: 'connect/headless',
    message: `The local provider did not grant access: ${why}.`,
    hint: 'Connect without --headless to see its page.',
  });
}
