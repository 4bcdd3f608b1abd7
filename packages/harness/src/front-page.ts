import type { IncomingMessage, ServerResponse } from 'node:http';
import Negotiator from 'negotiator';
import type { PlatformFacts } from './emulator.ts';
import { escaped } from './html.ts';
import { originOf } from './origin.ts';
import { sendJson, sendPage } from './platform-requests.ts';
import { ENDPOINTS, PROVIDER } from './provider/endpoints.ts';

/** Paths below /__harness, each with its purpose. All but the first two want the control token. */
const OWN: readonly (readonly [path: string, what: string])[] = [
  ['', 'which platforms are emulated, and which scopes their tokens can have; needs no token'],
  ['/console/', 'a page that shows all of it; `connector harness open` opens it'],
  [
    '/journal',
    'requests and responses, without secrets; /journal/stream sends them live, /journal/1/replay sends one again',
  ],
  ['/seed', 'applies a seed'],
  ['/snapshots', 'keeps everything as it is, and puts it back; /reset empties everything'],
  ['/faults', 'injected faults'],
  ['/clock', 'the time of the platforms'],
  ['/tokens', 'creates tokens for the platforms'],
  ['/spaces', 'parts with their own apps, tokens, journal, clock and faults'],
  [
    '/platforms/make/connections',
    'connects connections that were pushed to Make, as Make would; connected ones are at /platforms/make/instances',
  ],
  ['/platforms/akana/access', 'contracts, and what a role may do with them; the same at /platforms/anypoint/access'],
  ['/platforms/workato/customers', 'customers and their connections'],
];

/** Paths below /provider, each with its purpose. */
const PROVIDED = Object.entries(ENDPOINTS).map(([path, [, what]]) => [`${PROVIDER.path}${path}`, what] as const);

/**
 * Answers `GET /`, for whoever opens the address of a harness in a browser: what this is, what is emulated, and where
 * things are; the same as JSON for clients that prefer it. Everybody who reaches the harness may read it; it holds no token.
 * @returns whether the request was this one
 */
export function frontPage(platforms: readonly PlatformFacts[]) {
  return (request: IncomingMessage, response: ServerResponse): boolean => {
    const { method, url = '' } = request;
    if (!/^\/(\?|$)/.test(url) || (method !== 'GET' && method !== 'HEAD')) return false;
    if (new Negotiator(request).mediaType(['text/html', 'application/json']) === 'application/json') {
      sendJson(response, 200, factsOf(platforms));
    } else sendPage(response, pageOf(platforms, originOf(request)));
    return true;
  };
}

function factsOf(platforms: readonly PlatformFacts[]) {
  return {
    harness: 'connectorkit',
    platforms: platforms.map(({ name, title, prefixes }) => {
      return { name, title, paths: prefixes, contract: contractPath(name), evidence: evidencePath(name) };
    }),
    provider: Object.fromEntries(PROVIDED),
    own: Object.fromEntries(OWN.map(([path, what]) => [`/__harness${path}`, what])),
  };
}

/** Parts of a platform that its vendor documents, and parts that are our reading. */
function evidencePath(name: string): string {
  return `/__harness/platforms/${encodeURIComponent(name)}`;
}

function contractPath(name: string): string {
  return `${evidencePath(name)}/openapi.json`;
}

/** @param address at which the page was asked for */
function pageOf(platforms: readonly PlatformFacts[], address: string): string {
  const at = `--url ${address}`;
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="color-scheme" content="light dark">
<meta name="viewport" content="width=device-width">
<title>Connectorkit harness</title>
<h1>Connectorkit harness</h1>
<p>This server emulates the platforms below, so that connectors are developed and tested without them. It is none of the
vendors' own services, and what is sent to it goes no further.</p>
<h2>What is emulated</h2>
<p>Each platform stands at the vendor's own paths: a client needs another host, and a token of this harness.</p>
<table>
<tr><th align="left">Platform</th><th align="left">Paths</th><th align="left">Contract</th><th align="left">Whose word it is</th></tr>
${platforms.map(row).join('\n')}
</table>
<h2>The local provider</h2>
<p>What a connection signs in to without an account anywhere: an authorization server, and resources that want other
proofs. It knows the client <code>demo</code> with the secret <code>demo-secret</code> and the user <code>demo</code> with
the password <code>demo-password</code>, and what it was seeded with.</p>
<dl>
${PROVIDED.map(([path, what]) => `<dt><code>${path}</code></dt><dd>${what}</dd>`).join('\n')}
</dl>
<h2>Where things are</h2>
<p>The harness has an API of its own, which speaks JSON. It wants the control token, as <code>Authorization: Bearer</code>:
it stands in <code>.connector/harness.json</code> where the harness was started, or is the
<code>CONNECTOR_CONTROL_TOKEN</code> that it was started with.</p>
<dl>
${OWN.map(([path, what]) => `<dt><code>/__harness${path}</code></dt><dd>${what}</dd>`).join('\n')}
</dl>
<h2>In a browser</h2>
<p>The <a href="/__harness/console/">console</a> shows all of it. It is opened with <code>connector harness open</code>.</p>
<h2>From a terminal</h2>
<pre>
connector harness open ${escaped(at)}
connector harness journal --follow ${escaped(at)}
connector harness snapshot before ${escaped(at)}
connector harness fault lost --times 1 ${escaped(at)}
connector harness --help
</pre>
<p>In the folder where it was started, <code>--url</code> is left out. A project keeps in step with a harness that runs
elsewhere by <code>connector dev --origin &lt;name&gt;</code>, once its connector.json has an origin with this address.</p>
</html>
`;
}

function row({ name, title, prefixes }: PlatformFacts): string {
  const paths = prefixes.map((prefix) => `<code>${escaped(prefix)}</code>`).join(' ');
  const [contract, evidence] = [contractPath(name), evidencePath(name)];
  return `<tr><td>${escaped(title)}</td><td>${paths}</td><td><a href="${contract}">${contract}</a></td><td><a href="${evidence}">${evidence}</a></td></tr>`;
}
