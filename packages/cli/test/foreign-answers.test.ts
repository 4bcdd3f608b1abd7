import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createHarness, type Harness } from '@connectorkit/harness';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Ran, run } from './connector.ts';
import { newProject } from './project.ts';

/** An answer with the status 200: its media type, or none, and its body. */
type Foreign = readonly [mediaType: string | undefined, body: string];

const ANSWERS: Readonly<Record<string, Foreign>> = {
  'a login page of the network': ['text/html', '<!DOCTYPE html><title>Guest WiFi</title><body>Log in, Alice</body>'],
  'a maintenance page': ['text/html; charset=utf-8', '<h1>We are back soon.</h1>'],
  'a page that is called JSON': ['application/json', '<h1>We are back soon.</h1>'],
  'an empty object': ['application/json', '{}'],
  'an object of others, without a media type': [undefined, '{"status":"ok"}'],
  'apps without a name': ['application/json', '{"apps":[{"name":5}],"appConnections":[{"name":5}]}'],
  'null in place of lists': ['application/json', '{"apps":null,"appConnections":null,"accounts":null}'],
};

let harness: Harness;
let server: Server;
let url: string;
/** What is answered in place of the platform, by the path of the request; undefined for the platform's own answer. */
let foreign: (path: string) => Foreign | undefined;
/** Requests that would change something. */
let writes: string[] = [];
beforeAll(async () => {
  harness = await createHarness();
  server = createServer(async (request, response) => {
    const path = request.url ?? '';
    if (request.method !== 'GET') writes.push(`${request.method} ${path}`);
    const other = foreign(path);
    if (other !== undefined) {
      const [mediaType, body] = other;
      response.writeHead(200, mediaType === undefined ? {} : { 'content-type': mediaType }).end(body);
      return;
    }
    const answer = await fetch(harness.url + path, await forwarded(request));
    const headers = Object.fromEntries([...answer.headers].filter(([name]) => name === 'content-type'));
    response.writeHead(answer.status, headers).end(Buffer.from(await answer.arrayBuffer()));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
beforeEach(() => {
  foreign = () => undefined;
  writes = [];
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await harness.close();
});

async function forwarded(request: IncomingMessage): Promise<RequestInit> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part);
  const { authorization = '', 'content-type': type = '' } = request.headers;
  const headers = { authorization, ...(type === '' ? {} : { 'content-type': type }) };
  return { method: request.method ?? '', headers, ...(parts.length === 0 ? {} : { body: Buffer.concat(parts) }) };
}

/** Runs the command in a project that was pushed to the platform, and changed here since. */
let connector: (...args: string[]) => Promise<Ran>;
beforeAll(async () => {
  const cwd = await newProject();
  const file = join(cwd, 'connector.json');
  const manifest = JSON.parse(readFileSync(file, 'utf8'));
  const make = { platform: 'make', url: `${url}/api/v2` };
  writeFileSync(file, JSON.stringify({ ...manifest, origins: { make } }));
  writeFileSync(join(cwd, 'connections/github/common.local.json'), '{"clientId": "id", "clientSecret": "s3cr3t"}');
  const env = { CONNECTOR_TOKEN_MAKE: harness.token, CONNECTOR_HOST_MAKE: new URL(url).host };
  connector = (...args) => run([...args, '--origin', 'make'], { cwd, env });
  foreign = () => undefined;
  const { code, stderr } = await connector('push', '--yes');
  expect(code, stderr).toBe(0);
  const api = join(cwd, 'connections/github/api.jsonc');
  writeFileSync(api, `${readFileSync(api, 'utf8')}\n`);
});

const COMMANDS: readonly (readonly string[])[] = [
  ['whoami'],
  ['diff'],
  ['pull'],
  ['push', '--yes', '--allow-destructive'],
  ['status'],
];

describe.each(Object.entries(ANSWERS))('%s in place of every answer', (_, answer) => {
  test('is reported as what it is, and changes nothing', async () => {
    foreign = () => answer;
    const ran = await Promise.all(COMMANDS.map(async (args) => [args[0], await connector(...args)] as const));
    for (const [command, { code, stderr, stdout }] of ran) {
      expect([command, code], stderr + stdout).toEqual([command, 7]);
      const said = stderr.replace(/\s+/g, ' ');
      expect(said).toContain('origin/unexpected-answer');
      expect(said).toMatch(
        /GET \/api\/v2\/\S+ was answered with 200 and (text\/html|application\/json|no media type), /,
      );
      expect(said).not.toMatch(/bug in connector|no app yet/);
      expect(said).not.toContain(harness.token);
    }
    expect(writes).toEqual([]);
  });
});

test.each([
  ['the list of connections', /\/connections$/],
  ['a connection’s section', /\/connections\/[^/]+\/(api|parameters|scope|scopes)$/],
  ['the values that all share', /\/common$/],
  ['the checksums', /\/checksum$/],
])('a login page in place of %s alone deletes nothing', async (_, path) => {
  foreign = (asked) => (path.test(asked) ? ANSWERS['a login page of the network'] : undefined);
  const { code, stderr } = await connector('push', '--yes', '--allow-destructive', '--check-common');
  expect(code, stderr).toBe(7);
  const said = stderr.replace(/\s+/g, ' ');
  expect(said).toMatch(/was answered with 200 and text\/html, .*: Guest WiFi Log in, Alice/);
  // A section is read back after it was written, and not before where the checksums say enough.
  expect(writes.filter((each) => !/^PUT .*\/api$/.test(each))).toEqual([]);
});

test('JSON is read whatever it is called', async () => {
  for (const mediaType of ['Application/JSON', undefined, 'text/plain']) {
    foreign = (path) => (path.endsWith('/users/me') ? [mediaType, '{"authUser":{"name":"Ada"}}'] : undefined);
    const { code, stdout, stderr } = await connector('whoami');
    expect(code, stderr).toBe(0);
    expect(stdout).toContain('Ada');
  }
});
