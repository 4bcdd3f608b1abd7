// The load of `harness.js` and `store.js`, in a process of its own: node load.js '{"url", "method", "headers", "body", "seconds"}'.
// Where the body says COUNT, each request has another number. With `paths` each connection asks for all of them in turn. Says what it saw on its output.
import autocannon from 'autocannon';

const { url, paths, method, headers, body, seconds, connections } = JSON.parse(process.argv[2] ?? '');
let count = Date.now();
const setupRequest = (/** @type {object} */ request) => ({ ...request, body: body.replace('COUNT', String(count++)) });
/** @param {string | undefined} path */
const requestTo = (path) => ({ ...(path && { path }), ...(body && { setupRequest }) });
const before = process.cpuUsage();
const result = await autocannon({
  url,
  method,
  headers,
  connections,
  duration: seconds,
  ...(body === undefined && paths === undefined ? {} : { requests: (paths ?? [undefined]).map(requestTo) }),
});
const { user, system } = process.cpuUsage(before);
const { requests, latency, non2xx, errors } = result;
process.stdout.write(
  JSON.stringify({
    total: requests.total,
    rate: requests.total / result.duration,
    p50: latency.p50,
    p99: latency.p99,
    non2xx,
    errors,
    // Microseconds of this process for a request.
    cpu: (user + system) / requests.total,
  }),
);
