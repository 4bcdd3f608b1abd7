import { timingSafeEqual } from 'node:crypto';
import { text } from 'node:stream/consumers';
import type { ErrorOut, Interaction, KoaContextWithOIDC, Provider } from 'oidc-provider';
import { escaped } from '../html.ts';
import { PROVIDER } from './endpoints.ts';
import { userOf } from './registered.ts';
import type { Surroundings } from './stored-model.ts';

const PAGE = /^\/interaction\/([\w-]+)$/;

type Context = Pick<
  KoaContextWithOIDC,
  'req' | 'res' | 'path' | 'method' | 'status' | 'type' | 'body' | 'set' | 'redirect'
>;

/** Adds the page on which users sign in and agree, at `/interaction/…` below the provider. It needs no script. */
export function consentPages(
  provider: Provider,
  scopes: Readonly<Record<string, string>>,
  surroundings: Surroundings,
): void {
  provider.use(async (context: Context, next) => {
    if (!PAGE.test(context.path)) return next();
    const { req, res, method } = context;
    let interaction: Interaction;
    try {
      interaction = await provider.interactionDetails(req, res);
    } catch {
      return errorPage(context, {
        error: 'invalid_request',
        error_description: 'This page has expired, or the browser did not send its cookie. Start again from the app.',
      });
    }
    const client = await provider.Client.find(String(interaction.params.client_id));
    const shown = { interaction, name: client?.clientName ?? client?.clientId ?? '', scopes };
    if (method !== 'POST') return show(context, shown);
    const form = new URLSearchParams(await text(req));
    if (form.get('decision') !== 'allow') {
      const refused = { error: 'access_denied', error_description: 'The user did not agree.' };
      return goOn(context, await provider.interactionResult(req, res, refused));
    }
    const username = interaction.session?.accountId ?? (await signedIn(form, surroundings));
    if (username === undefined) return show(context, { ...shown, failed: true });
    const grantId = await grant(provider, interaction, username);
    const agreed = { login: { accountId: username }, consent: { grantId } };
    return goOn(context, await provider.interactionResult(req, res, agreed));
  });
}

function goOn(context: Context, url: string): void {
  context.status = 303;
  context.redirect(url);
}

/** The name of the user whose name and password a form has. */
async function signedIn(form: URLSearchParams, { store }: Surroundings): Promise<string | undefined> {
  const username = form.get('username') ?? '';
  const user = await store.read((tx) => userOf(username, tx));
  const [expected, given] = [Buffer.from(user?.password ?? ''), Buffer.from(form.get('password') ?? '')];
  const fits = user !== undefined && expected.length === given.length && timingSafeEqual(expected, given);
  return fits ? username : undefined;
}

/** Everything that was asked for is granted. */
async function grant(provider: Provider, { grantId, params }: Interaction, username: string): Promise<string> {
  const known = grantId === undefined ? undefined : await provider.Grant.find(grantId);
  const grant = known ?? new provider.Grant({ accountId: username, clientId: String(params.client_id) });
  const scope = String(params.scope ?? '');
  grant.addOIDCScope(scope);
  for (const resource of [params.resource ?? []].flat()) grant.addResourceScope(String(resource), scope);
  return grant.save();
}

interface Shown {
  readonly interaction: Interaction;
  /** Of the client. */
  readonly name: string;
  readonly scopes: Readonly<Record<string, string>>;
  readonly failed?: boolean;
}

function show(context: Context, { interaction, name, scopes, failed = false }: Shown): void {
  const { params, session } = interaction;
  const asked = String(params.scope ?? '')
    .split(' ')
    .filter(Boolean);
  const rows = asked.map((scope) => `<li>${escaped(scopes[scope] ?? scope)} <code>${escaped(scope)}</code></li>`);
  const target = new URL(String(params.redirect_uri));
  const identity =
    session?.accountId === undefined
      ? `${failed ? '<p role="alert">There is no user with this name and password.</p>' : ''}
<p><label>User name<br><input name="username" autocomplete="username" value="demo" required></label></p>
<p><label>Password<br><input name="password" type="password" autocomplete="current-password"></label></p>
<p><small>Unless it was seeded otherwise, there is the user demo with the password demo-password.</small></p>`
      : `<p>You are signed in as <strong>${escaped(session.accountId)}</strong>.</p>`;
  send(
    context,
    failed ? 400 : 200,
    'Allow access',
    `<p><strong>${escaped(name)}</strong> wants to:</p>
<ul>${rows.length === 0 ? '<li>Know that you have an account</li>' : rows.join('')}</ul>
<form method="post" action="${PROVIDER.path}/interaction/${escaped(interaction.uid)}">
${identity}
<p><button name="decision" value="allow">Allow</button> <button name="decision" value="deny" formnovalidate>Deny</button></p>
</form>
<p><small>You are sent back to ${escaped(target.origin === 'null' ? target.protocol : target.origin)}. This is the local
provider of a connectorkit harness: no real account is touched.</small></p>`,
    target,
  );
}

/** Shows why a browser cannot be sent back to the app. */
export function errorPage(context: Context, { error, error_description: description = '' }: ErrorOut): void {
  if (context.status < 400) context.status = 400;
  send(
    context,
    context.status,
    'This did not work',
    `<p>${escaped(description)}</p><p><code>${escaped(error)}</code></p>`,
  );
}

/** @param target where submitting the form may lead by redirects, which browsers hold against `form-action` as well */
function send(context: Context, status: number, title: string, body: string, target?: URL): void {
  const leads = target === undefined ? '' : ` ${target.origin === 'null' ? target.protocol : target.origin}`;
  context.status = status;
  context.type = 'html';
  context.set({
    'content-security-policy': `default-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'${leads}`,
    // The form's own origin is checked, and without a referrer browsers do not name it.
    'referrer-policy': 'same-origin',
    'cache-control': 'no-store',
  });
  context.body = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="color-scheme" content="light dark">
<meta name="viewport" content="width=device-width">
<title>${title}</title>
<h1>${title}</h1>
${body}
</html>
`;
}
