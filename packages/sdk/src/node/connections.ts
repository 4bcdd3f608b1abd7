import type { Agent, RequestOptions } from 'node:http';
import type { Duplex } from 'node:stream';
import type { HttpProxy } from './proxy.ts';

/** How a request to a host is made. */
export interface Connection {
  readonly client: Pick<typeof import('node:http'), 'request' | 'Agent'>;
  /** Whom the client speaks to: the host, or the proxy. */
  readonly server: URL;
  readonly options: RequestOptions & { readonly headers: Readonly<Record<string, string>> };
}

/**
 * The connections that requests go over: to the host, or through a proxy, which is asked for what is not encrypted as if
 * it were the host, and for a tunnel otherwise. They are kept until the host or the proxy closes them.
 * @param limit Milliseconds in which a proxy must have given a tunnel.
 * @param signal Ends what is asked of proxies when it is aborted.
 * @throws from requests, beside Node's errors, with the code ERR_PROXY_UNAUTHENTICATED when a proxy wants to know who
 * asks, and ERR_PROXY_REFUSED when it gives no tunnel for another reason; its status is the message.
 */
export function createConnections(limit: number, signal: AbortSignal): (target: URL, proxy?: HttpProxy) => Connection {
  const agents = new Map<string, Agent>();
  return (target, proxy) => {
    const tunneled = proxy !== undefined && target.protocol === 'https:';
    const server = proxy === undefined || tunneled ? target : proxy.url;
    const client = clientFor(server);
    const key = tunneled ? `through ${proxy.url.href}` : server.protocol;
    let agent = agents.get(key);
    if (agent === undefined) {
      agent = new client.Agent({ keepAlive: true });
      if (tunneled) tunnel(agent, proxy, limit, signal);
      agents.set(key, agent);
    }
    if (server === target) return { client, server, options: { agent, headers: {} } };
    const headers = { host: target.host, ...proxy?.headers };
    return { client, server, options: { agent, path: target.href, headers } };
  };
}

/** An error with a code, as Node's own have it. */
export function coded(code: string, message = code): Error {
  return Object.assign(new Error(message), { code });
}

function clientFor({ protocol }: URL) {
  return protocol === 'https:' ? process.getBuiltinModule('node:https') : process.getBuiltinModule('node:http');
}

/** Makes the agent of a TLS client connect through a proxy. */
function tunnel(agent: Agent, proxy: HttpProxy, limit: number, signal: AbortSignal): void {
  const direct = agent.createConnection.bind(agent) as (options: object) => Duplex;
  agent.createConnection = (options, callback) => {
    const connected = callback as (error: Error | null, socket?: Duplex) => void;
    const { host, port } = options;
    const path = `${host?.includes(':') ? `[${host}]` : host}:${port}`;
    const headers = { host: path, ...proxy.headers };
    const asking = clientFor(proxy.url).request(proxy.url, { method: 'CONNECT', path, headers, agent: false, signal });
    const timer = setTimeout(() => asking.destroy(coded('ETIMEDOUT')), limit);
    asking.once('connect', ({ statusCode }, socket) => {
      if (statusCode === 200) return connected(null, direct({ ...options, socket }));
      socket.destroy();
      connected(coded(statusCode === 407 ? 'ERR_PROXY_UNAUTHENTICATED' : 'ERR_PROXY_REFUSED', String(statusCode)));
    });
    asking.once('error', connected);
    asking.once('close', () => clearTimeout(timer));
    asking.end();
    return undefined;
  };
}
