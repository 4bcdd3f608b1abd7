// What `send` uses of undici. The whole of it, with fetch, caches and mocks, takes several times as long to load; the
// bundle takes this in its place.
// @ts-expect-error It has no types of its own.
import connect from 'undici/lib/api/api-connect.js';
// @ts-expect-error It has no types of its own.
import request from 'undici/lib/api/api-request.js';
// @ts-expect-error It has no types of its own.
import Dispatcher from 'undici/lib/dispatcher/dispatcher.js';
// @ts-expect-error It has no types of its own.
import BareAgent from 'undici/lib/dispatcher/env-http-proxy-agent.js';

export const EnvHttpProxyAgent = asking(BareAgent);

/**
 * undici's own index gives dispatchers their methods.
 * @template Agent
 * @param {Agent} agent
 */
function asking(agent) {
  Object.assign(Dispatcher.prototype, { request, connect });
  return agent;
}
