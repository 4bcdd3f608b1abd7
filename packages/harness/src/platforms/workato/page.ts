import { createHash } from 'node:crypto';
import { escaped } from '../../html.ts';
import type { Parameter, Provider } from './providers.ts';
import type { Connection } from './records.ts';

/**
 * The embedded page. It tells the page that holds it three things, each as JSON text `{ type, payload }`, like
 * Workato's: `heightChange { height }`, `connectionStatusChange { connected }` and `error { message }`.
 */

const STYLE = `
  body { font: 14px/1.5 system-ui, sans-serif; margin: 0; padding: 16px; color: #1f2933; }
  label { display: block; margin: 0 0 12px; }
  input, select { display: block; box-sizing: border-box; width: 100%; padding: 6px 8px; font: inherit; }
  input[type=checkbox] { display: inline; width: auto; }
  button { padding: 6px 16px; font: inherit; }
  small { color: #5f6c7b; }
`;

/** Fixed, so that its hash can stand in the policy: what differs from page to page is in the markup. */
const SCRIPT = `
  const { origin } = document.body.dataset;
  const tell = (type, payload) => parent.postMessage(JSON.stringify({ type, payload }), origin);
  const height = () => tell('heightChange', { height: document.documentElement.offsetHeight });
  const form = document.querySelector('form');
  const status = document.querySelector('[role=status]');
  new ResizeObserver(height).observe(document.documentElement);
  height();
  const { error } = document.body.dataset;
  if (error) tell('error', { message: error });
  const filled = (fields) => {
    const values = {};
    for (const field of fields) {
      const value = field.type === 'checkbox' ? String(field.checked) : field.value;
      if (value === '') continue;
      const path = field.name.split('.');
      let at = values;
      for (const step of path.slice(0, -1)) at = at[step] ??= {};
      at[path.at(-1)] = value;
    }
    return values;
  };
  if (form) form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const body = { input: filled(form.querySelectorAll('[data-part=input]')) };
    if (form.dataset.consent) body.consent = filled(form.querySelectorAll('[data-part=consent]'));
    try {
      const headers = { 'content-type': 'application/json' };
      const response = await fetch(location.href, { method: 'POST', headers, body: JSON.stringify(body) });
      const { connected = false, message } = await response.json();
      status.textContent = connected ? 'Connected' : message;
      tell('connectionStatusChange', { connected });
      if (!connected) tell('error', { message });
    } catch (error) {
      tell('error', { message: String(error) });
    }
    height();
  });
`;

const hash = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** Pages of this machine may hold it as well: that is where a vendor's page is developed. */
const LOCAL_PAGES = "'self' http://localhost:* http://127.0.0.1:* https://localhost:* https://127.0.0.1:*";

function headersFor(origin: string | undefined): Record<string, string> {
  const ancestors = origin === undefined ? LOCAL_PAGES : `${LOCAL_PAGES} ${origin}`;
  const policy = [
    "default-src 'none'",
    `script-src ${hash(SCRIPT)}`,
    `style-src ${hash(STYLE)}`,
    "connect-src 'self'",
    "form-action 'none'",
    "base-uri 'none'",
    `frame-ancestors ${ancestors}`,
  ];
  return {
    'content-security-policy': policy.join('; '),
    // The link stands in the address.
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
  };
}

export interface Page {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * @param origin who is answered (default: whoever holds the page). Nothing that is answered is secret.
 */
export function connectionPage(connection: Connection, provider: Provider | undefined, origin?: string): Page {
  const connected = connection.authorization_status === 'success';
  const consents = provider?.methods.some(({ consent }) => consent) === true;
  const fields = (provider?.parameters ?? []).flatMap((each) => control(each, each.name, 'input'));
  const asked = consents
    ? (provider?.identity ?? []).map((name) => control({ name, label: name }, name, 'consent'))
    : [];
  const form = `<form${consents ? ' data-consent="yes"' : ''}>
    ${[...fields, ...asked.flat()].join('\n    ')}
    <button>${connected ? 'Reconnect' : 'Connect'}</button>
    <p role="status">${connected ? 'Connected' : escaped(connection.authorization_error ?? 'Disconnected')}</p>
  </form>`;
  const title = `${connection.name} (${provider?.title ?? 'no provider'})`;
  return { headers: headersFor(origin), body: markup(title, provider === undefined ? '' : form, origin) };
}

/** Returns the page that is shown in place of a refused one. */
export function errorPage(message: string): Page {
  return { headers: headersFor(undefined), body: markup(message, '', undefined, message) };
}

function markup(title: string, content: string, origin = '*', error?: string): string {
  const answers = error === undefined ? '' : ` data-error="${escaped(error)}"`;
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>${escaped(title)}</title>
<style>${STYLE}</style>
<body data-origin="${escaped(origin)}"${answers}>
  <h1>${escaped(title)}</h1>
  ${content}
  <script>${SCRIPT}</script>
</body>
</html>
`;
}

/** Stored values are never shown, not even those that are no secrets. */
function control(parameter: Parameter, name: string, part: 'input' | 'consent'): string[] {
  const { label, type = 'string', secret, options, hint, properties } = parameter;
  if (properties !== undefined) {
    return properties.flatMap((each) => control(each, `${name}.${each.name}`, part));
  }
  const attributes = `name="${escaped(name)}" data-part="${part}"`;
  const kind = secret ? 'password' : type === 'boolean' ? 'checkbox' : 'text';
  const choices = ['', ...(options ?? [])].map((each) => `<option>${escaped(each)}</option>`).join('');
  const field =
    options === undefined
      ? `<input ${attributes} type="${kind}" autocomplete="off">`
      : `<select ${attributes}>${choices}</select>`;
  const note = hint === undefined ? '' : ` <small>${escaped(hint)}</small>`;
  return [`<label>${escaped(label)}${field}${note}</label>`];
}
