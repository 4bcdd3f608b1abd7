import { ConnectorError } from '../diagnostics.ts';
import { lookUp } from '../json.ts';
import type { Environment } from '../project/common.ts';

/** A server that requests go through. */
export interface HttpProxy {
  /** Without name and password. */
  readonly url: URL;
  /** Headers that prove who asks. */
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * The proxy that the environment names for an address: `HTTPS_PROXY`, or `HTTP_PROXY`, which is for both where it stands
 * alone. Hosts in `NO_PROXY` have none: `host`, `.domain` or `*.domain`, each with a port or without, or `*` for all.
 * Names in lower case come first, and this machine is never reached through a proxy.
 * @throws ConnectorError usage `usage/environment` when the address of the proxy is none
 */
export function proxyFor(target: URL, environment: Environment): HttpProxy | undefined {
  const named = (name: string) => environment[name.toLowerCase()] || environment[name] || '';
  const variable = target.protocol === 'https:' && named('HTTPS_PROXY') !== '' ? 'HTTPS_PROXY' : 'HTTP_PROXY';
  const address = named(variable);
  if (address === '' || LOOPBACK.has(target.hostname) || isExempt(target, named('NO_PROXY'))) return undefined;
  const written = address.includes('://') ? address : `http://${address}`;
  const url = URL.canParse(written) ? new URL(written) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) throw unusable(variable, url);
  const headers = credentialsOf(url);
  url.username = '';
  url.password = '';
  return { url, headers };
}

function credentialsOf({ username, password }: URL): HttpProxy['headers'] {
  if (username === '' && password === '') return {};
  const proof = [username, password].map(percentDecoded).join(':');
  return { 'proxy-authorization': `Basic ${Buffer.from(proof).toString('base64')}` };
}

/** Returns the percent-decoded text, or the text as it is where it cannot be decoded. */
export function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

const PORTS: Readonly<Record<string, string>> = { 'http:': '80', 'https:': '443' };

function isExempt({ hostname, port, protocol }: URL, list: string): boolean {
  return list
    .toLowerCase()
    .split(/[\s,]+/)
    .some((entry) => {
      const [, name = entry, own = ''] = /^(.+):(\d+)$/.exec(entry) ?? [];
      if (own !== '' && own !== (port || lookUp(PORTS, protocol))) return false;
      if (name === '*') return true;
      const domain = name.replace(/^\*?\./, '');
      return domain !== '' && (hostname === domain || hostname.endsWith(`.${domain}`));
    });
}

function unusable(variable: string, url: URL | undefined): ConnectorError {
  const what = url === undefined ? 'is not the address of a proxy' : `is a proxy URL with ${url.protocol}//`;
  return new ConnectorError('usage', {
    code: 'usage/environment',
    message: `${variable} ${what}, which cannot be used.`,
    hint: `Write it as ${variable}=http://proxy.example.com:3128, or unset it.`,
  });
}
