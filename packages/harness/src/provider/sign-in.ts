import type { Outgoing } from '../emulate.ts';
import { escaped } from '../html.ts';
import { isSame, userOf } from './registered.ts';
import type { ProviderContext } from './stored-model.ts';

/** The parts of the form in which users sign in. */
export function signInFields(failed: boolean): string {
  return `${failed ? '<p role="alert">There is no user with this name and password.</p>' : ''}
<p><label>User name<br><input name="username" autocomplete="username" value="demo" required></label></p>
<p><label>Password<br><input name="password" type="password" autocomplete="current-password"></label></p>
<p><small>Unless it was seeded otherwise, there is the user demo with the password demo-password.</small></p>`;
}

/** The name of the user whose name and password a form has. */
export async function signedIn(form: URLSearchParams, { store }: ProviderContext): Promise<string | undefined> {
  const username = form.get('username') ?? '';
  const user = await store.read((tx) => userOf(username, tx));
  return user !== undefined && isSame(user.password, form.get('password') ?? '') ? username : undefined;
}

/** A form in which users agree, or do not: `decision` is `allow` or `deny`. */
export function decisionForm(action: string, fields: string, target: URL | undefined): string {
  const back = target === undefined ? '' : `You are sent back to ${escaped(originOf(target))}. `;
  return `<form method="post" action="${escaped(action)}">
${fields}
<p><button name="decision" value="allow">Allow</button> <button name="decision" value="deny" formnovalidate>Deny</button></p>
</form>
<p><small>${back}This is the local provider of a connectorkit harness: no real account is touched.</small></p>`;
}

/**
 * A page of the provider.
 * @param target where submitting its form may lead by redirects, which browsers hold against `form-action` as well
 */
export function pageOf(status: number, title: string, body: string, target?: URL): Outgoing {
  const leads = target === undefined ? '' : ` ${originOf(target)}`;
  return {
    status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': `default-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'${leads}`,
      // The form's own origin is checked, and without a referrer browsers do not name it.
      'referrer-policy': 'same-origin',
      'cache-control': 'no-store',
    },
    body: `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="color-scheme" content="light dark">
<meta name="viewport" content="width=device-width">
<title>${title}</title>
<h1>${title}</h1>
${body}
</html>
`,
  };
}

/** The scheme alone, for an app that has one of its own. */
function originOf(target: URL): string {
  return target.origin === 'null' ? target.protocol : target.origin;
}
