// What `send` uses of undici. The whole of it, with fetch, caches and mocks, takes several times as long to load; the
// bundle takes this in its place.
import request from 'undici/lib/api/api-request.js';
import BareAgent from 'undici/lib/dispatcher/agent.js';
import BareEnvHttpProxyAgent from 'undici/lib/dispatcher/env-http-proxy-agent.js';

export const Agent = asking(BareAgent);
export const EnvHttpProxyAgent = asking(BareEnvHttpProxyAgent);

/**
 * undici's own index gives dispatchers their methods.
 * @template {{ prototype: object }} Dispatcher
 * @param {Dispatcher} dispatcher
 */
function asking(dispatcher) {
  Object.assign(dispatcher.prototype, { request });
  return dispatcher;
}
