// What `send` uses of undici. The whole of it, with fetch, caches and mocks, takes several times as long to load; the
// bundle takes this in its place.
// @ts-expect-error It has no types of its own.
import request from 'undici/lib/api/api-request.js';
// @ts-expect-error It has no types of its own.
import BareAgent from 'undici/lib/dispatcher/agent.js';
// @ts-expect-error It has no types of its own.
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
