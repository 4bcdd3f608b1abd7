// The load of `harness.js`, in a process of its own: node load.js '{"url", "method", "headers", "body", "seconds"}'.
// Where the body says COUNT, each request has another number. Says what it saw on its output.
import autocannon from 'autocannon';

const { url, method, headers, body, seconds, connections } = JSON.parse(process.argv[2] ?? '');
let count = Date.now();
const setupRequest = (/** @type {object} */ request) => ({ ...request, body: body.replace('COUNT', String(count++)) });
const result = await autocannon({
  url,
  method,
  headers,
  connections,
  duration: seconds,
  ...(body === undefined ? {} : { requests: [{ setupRequest }] }),
});
const { requests, latency, non2xx, errors } = result;
process.stdout.write(
  JSON.stringify({
    total: requests.total,
    rate: requests.total / result.duration,
    p50: latency.p50,
    p99: latency.p99,
    non2xx,
    errors,
  }),
);
