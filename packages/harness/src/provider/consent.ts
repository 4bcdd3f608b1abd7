import { text } from 'node:stream/consumers';
import type { ErrorOut, Interaction, KoaContextWithOIDC, Provider } from 'oidc-provider';
import type { Outgoing } from '../emulate.ts';
import { escaped } from '../html.ts';
import { PROVIDER } from './endpoints.ts';
import { decisionForm, pageOf, signedIn, signInFields } from './sign-in.ts';
import type { ProviderContext } from './stored-model.ts';

const PAGE = /^\/interaction\/([\w-]+)$/;

type Context = Pick<KoaContextWithOIDC, 'req' | 'res' | 'path' | 'method' | 'status' | 'body' | 'set' | 'redirect'>;

/** Adds the page on which users sign in and agree, at `/interaction/…` below the provider. It needs no script. */
export function consentPages(
  provider: Provider,
  scopes: Readonly<Record<string, string>>,
  surroundings: ProviderContext,
): void {
  provider.use(async (context: Context, next) => {
    if (!PAGE.test(context.path)) return next();
    const { req, res, method } = context;
    let interaction: Interaction;
    try {
      interaction = await provider.interactionDetails(req, res);
    } catch {
      context.status = 400;
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
  const account = session?.accountId;
  const fields =
    account === undefined ? signInFields(failed) : `<p>You are signed in as <strong>${escaped(account)}</strong>.</p>`;
  const body = `<p><strong>${escaped(name)}</strong> wants to:</p>
<ul>${rows.length === 0 ? '<li>Know that you have an account</li>' : rows.join('')}</ul>
${decisionForm(`${PROVIDER.path}/interaction/${interaction.uid}`, fields, target)}`;
  send(context, pageOf(failed ? 400 : 200, 'Allow access', body, target));
}

/** Shows why a browser cannot be sent back to the app. */
export function errorPage(context: Context, { error, error_description: description = '' }: ErrorOut): void {
  const body = `<p>${escaped(description)}</p><p><code>${escaped(error)}</code></p>`;
  send(context, pageOf(Math.max(context.status, 400), 'This did not work', body));
}

function send(context: Context, { status, headers, body }: Outgoing): void {
  context.status = status;
  context.set(headers as Record<string, string>);
  context.body = body;
}
