// One of the servers that `harness.js` compares, in a process of its own: node servers.js NAME. Each keeps texts at the
// path of a section and gives them back; when it listens it says where on its output. The harness opens the file of a
// store when one is named behind it.
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const SECTION = '/api/v2/sdk/apps/connections/bench/api';
const SEVERAL = Array.from({ length: 12 }, (_, index) => `/api/v2/sdk/apps/connections/bench-${index}/api`);

/** @typedef {() => Promise<{ url: string, token?: string, path?: string, paths?: string[] }>} Start */
const SERVERS = /** @satisfies {Record<string, Start>} */ ({
  'node:http': async () => {
    const { createServer } = await import('node:http');
    const texts = new Map();
    const server = createServer((request, response) => {
      if (request.method === 'GET') return answer(texts.get(request.url) ?? 'null');
      /** @type {Buffer[]} */
      const chunks = [];
      request.on('data', (chunk) => chunks.push(chunk));
      request.on('end', () => {
        texts.set(request.url, Buffer.concat(chunks).toString());
        answer('{"change":{}}');
      });
      /** @param {string} text */
      function answer(text) {
        response.writeHead(200, {
          'content-type': 'application/json; charset=utf-8',
          'content-length': Buffer.byteLength(text),
        });
        response.end(text);
      }
    });
    return { url: await listening(server) };
  },
  express: async () => {
    const { default: express } = await import('express');
    const texts = new Map();
    const app = express();
    app.get('/api/v2/sdk/apps/connections/:name/:section', ({ params }, response) => {
      response.type('json').send(texts.get(`${params.name}/${params.section}`) ?? 'null');
    });
    app.put(
      '/api/v2/sdk/apps/connections/:name/:section',
      express.text({ type: () => true }),
      ({ params, body }, response) => {
        texts.set(`${params.name}/${params.section}`, body);
        response.json({ change: {} });
      },
    );
    return { url: await listening(app) };
  },
  // The same once what keeps a harness's state is loaded as well.
  'express+libsql': async () => {
    createRequire(import.meta.resolve('@connectorkit/harness'))('libsql');
    return SERVERS.express();
  },
  // One select or upsert for each request, with the driver of the harness and what it opens a file with.
  'express+sqlite': async () => {
    const Database = createRequire(import.meta.resolve('@connectorkit/harness'))('libsql');
    const { default: express } = await import('express');
    const db = new Database(file);
    db.exec('PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL');
    db.exec('CREATE TABLE IF NOT EXISTS section (name text PRIMARY KEY, text text NOT NULL)');
    const select = db.prepare('SELECT text FROM section WHERE name = ?');
    const upsert = db.prepare(
      'INSERT INTO section VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET text = excluded.text',
    );
    const app = express();
    app.get('/api/v2/sdk/apps/connections/:name/:section', ({ params }, response) => {
      response.type('json').send(select.get([`${params.name}/${params.section}`])?.text ?? 'null');
    });
    app.put(
      '/api/v2/sdk/apps/connections/:name/:section',
      express.text({ type: () => true }),
      ({ params, body }, response) => {
        upsert.run([`${params.name}/${params.section}`, body]);
        response.json({ change: {} });
      },
    );
    return { url: await listening(app), paths: SEVERAL };
  },
  // The same with its pool of connections to a server.
  'express+pg': async () => {
    const [{ default: express }, { default: pg }] = await Promise.all([import('express'), import('pg')]);
    const pool = new pg.Pool({ connectionString: file, max: 8 });
    await pool.query('CREATE TABLE IF NOT EXISTS section (name text PRIMARY KEY, text text NOT NULL)').catch(() => {});
    const app = express();
    app.get('/api/v2/sdk/apps/connections/:name/:section', async ({ params }, response) => {
      const { rows } = await pool.query('SELECT text FROM section WHERE name = $1', [
        `${params.name}/${params.section}`,
      ]);
      response.type('json').send(rows[0]?.text ?? 'null');
    });
    app.put(
      '/api/v2/sdk/apps/connections/:name/:section',
      express.text({ type: () => true }),
      async ({ params, body }, response) => {
        await pool.query('INSERT INTO section VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET text = excluded.text', [
          `${params.name}/${params.section}`,
          body,
        ]);
        response.json({ change: {} });
      },
    );
    return { url: await listening(app), paths: SEVERAL };
  },
  fastify: async () => {
    const { default: fastify } = await import('fastify');
    const texts = new Map();
    const app = fastify();
    app.removeAllContentTypeParsers();
    app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
    app.get('/api/v2/sdk/apps/connections/:name/:section', (request, reply) => {
      const { name, section } = /** @type {Record<string, string>} */ (request.params);
      reply.type('application/json; charset=utf-8').send(texts.get(`${name}/${section}`) ?? 'null');
    });
    app.put('/api/v2/sdk/apps/connections/:name/:section', (request, reply) => {
      const { name, section } = /** @type {Record<string, string>} */ (request.params);
      texts.set(`${name}/${section}`, request.body);
      reply.send({ change: {} });
    });
    return { url: await app.listen({ port: 0, host: '127.0.0.1' }) };
  },
  harness: async () => {
    const { createHarness } = await import('@connectorkit/harness');
    const folder = mkdtempSync(join(tmpdir(), 'connector-bench-'));
    process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
    process.on('SIGTERM', () => process.exit());
    const { BENCH_TOKEN: own, BENCH_KEY: storeKey, BENCH_SEED: seed } = process.env;
    const given = {
      ...(own && { token: own }),
      ...(file?.startsWith('postgres') && storeKey && { storeKey }),
      ...(seed && { seed: JSON.parse(seed) }),
    };
    const { url, token } = await createHarness({ store: file ?? join(folder, 'harness.db'), ...given });
    return { url, token };
  },
});

/** @param {{ listen(port: number, host: string, done: () => void): unknown }} server */
function listening(server) {
  return new Promise((done) => {
    const listener = /** @type {import('node:http').Server} */ (
      server.listen(0, '127.0.0.1', () => {
        const { port } = /** @type {import('node:net').AddressInfo} */ (listener.address());
        done(`http://127.0.0.1:${port}`);
      })
    );
  });
}

const [name = '', file] = process.argv.slice(2);
const start = /** @type {Record<string, Start>} */ (SERVERS)[name];
if (start === undefined) throw new Error(`No server is called ${name}.`);
process.stdout.write(`${JSON.stringify({ path: SECTION, ...(await start()) })}\n`);
// Who asks is told the bytes in use, of the heap and of buffers, after garbage was collected.
process.on('message', async () => {
  globalThis.gc?.();
  await new Promise((done) => setTimeout(done, 100));
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  process.send?.(heapUsed + external);
});
process.on('disconnect', () => process.exit());
