import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { createHarness, type Harness } from '@connectorkit/harness';
import { afterAll } from 'vitest';
import { HARNESS_FILE } from '../../src/local-state/index.ts';
import { main } from '../../src/main.ts';
import { CONFIGURATION, recordHarness, temporaryFolder } from '../connector.ts';
import { cloneOf } from '../project.ts';

/** A project in a folder, and the command, run in this process on its real files. */
export class Folder {
  readonly root: string;
  readonly environment: Readonly<Record<string, string>>;

  constructor(root: string, environment: Readonly<Record<string, string>> = {}) {
    this.root = root;
    this.environment = environment;
  }

  read(path: string): string {
    return readFileSync(join(this.root, path), 'utf8');
  }

  json(path: string) {
    return JSON.parse(this.read(path));
  }

  write(path: string, text: string): void {
    mkdirSync(dirname(join(this.root, path)), { recursive: true });
    writeFileSync(join(this.root, path), text);
  }

  remove(path: string): void {
    rmSync(join(this.root, path), { recursive: true });
  }

  /** Runs a command line with --json. */
  async run(...words: string[]) {
    const { code, stdout, stderr } = await this.#main([...words, '--json']);
    return { code, stderr, ...JSON.parse(stdout) };
  }

  /** What the command prints for people on stdout. */
  async shown(...words: string[]) {
    return this.#main(words);
  }

  /** Runs it for somebody at a terminal, who can be asked. */
  async typed(...words: string[]) {
    return this.#main(words, true);
  }

  /** What git would give to somebody else. */
  clone(): Folder {
    const other = new Folder(cloneOf(this.root), this.environment);
    if ('CONNECTOR_ORIGIN' in this.environment) return other;
    other.write(HARNESS_FILE, this.read(HARNESS_FILE));
    return other;
  }

  async #main(argv: readonly string[], isTTY = false) {
    const streams = { stdout: '', stderr: '' };
    const stream = (name: keyof typeof streams) => ({
      isTTY,
      write: (text: string) => {
        streams[name] += text;
      },
    });
    const code = await main(argv, {
      cwd: this.root,
      environment: { ...this.environment, HOME: this.root, XDG_CONFIG_HOME: CONFIGURATION, NO_COLOR: '1' },
      stdin: Object.assign(Readable.from([]), { isTTY }),
      stdout: stream('stdout'),
      stderr: stream('stderr'),
    });
    return { code, ...streams };
  }
}

const harnesses: Harness[] = [];
afterAll(async () => {
  await Promise.all(harnesses.splice(0).map((harness) => harness.close()));
});

/** A harness of this process. */
export async function platform(): Promise<Harness> {
  const harness = await createHarness({ checkAnswers: true });
  harnesses.push(harness);
  return harness;
}

/** What it takes to speak to a harness. */
type Reached = Pick<Harness, 'url' | 'token' | 'controlToken'>;

/** One request on its way to a platform. */
export interface Asked {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
}

/**
 * The way to a harness, on which something may happen before a request arrives: `meanwhile` is called for each, and the
 * request goes on when it is done.
 */
export async function wayTo(
  { url, token, controlToken }: Reached,
  meanwhile: (asked: Asked) => void | Promise<void>,
): Promise<Reached> {
  const server = createServer(async (request, response) => {
    const body = await buffer(request);
    const { method = '', url: path = '' } = request;
    await meanwhile({ method, path: path.replace(/\?.*/, '') });
    const { host: _, connection: __, 'content-length': ___, ...headers } = request.headers;
    const answer = await fetch(`${url}${path}`, {
      method,
      headers: headers as Record<string, string>,
      ...(body.length === 0 ? {} : { body }),
    });
    response.statusCode = answer.status;
    response.setHeader('content-type', answer.headers.get('content-type') ?? 'text/plain');
    response.end(Buffer.from(await answer.arrayBuffer()));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  servers.push(server);
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, token, controlToken };
}

const servers: Server[] = [];
afterAll(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections();
});

/** A connection that has what is given, and little else. */
export function connection(id: string, texts: Readonly<Record<string, string>> = {}): Record<string, string> {
  const sections = { api: `{\n  "url": "https://api.acme.test/${id}"\n}\n`, ...texts };
  return {
    [`connections/${id}/connection.json`]: `{ "type": "apikey", "label": "${id}" }\n`,
    ...Object.fromEntries(
      Object.entries(sections).map(([section, text]) => [`connections/${id}/${section}.jsonc`, text]),
    ),
  };
}

/** A new project that speaks to a harness: as its own, or as an origin that is named. */
export function projectAt(harness: Reached, files: Readonly<Record<string, string>>, origin?: string): Folder {
  const folder = new Folder(temporaryFolder(), origin === undefined ? {} : tokenFor(harness, origin));
  const origins = origin === undefined ? {} : { origins: { [origin]: { url: `${harness.url}/api/v2` } } };
  folder.write('connector.json', `${JSON.stringify({ name: 'shop', label: 'Shop', ...origins }, undefined, 2)}\n`);
  if (origin === undefined) recordHarness(folder.root, harness);
  for (const [path, text] of Object.entries(files)) folder.write(path, text);
  return folder;
}

/** The variables by which an origin is talked to, at a host that is named. */
function tokenFor({ url, token }: Reached, origin: string): Record<string, string> {
  const name = origin.toUpperCase();
  return {
    CONNECTOR_ORIGIN: origin,
    [`CONNECTOR_TOKEN_${name}`]: token,
    [`CONNECTOR_HOST_${name}`]: new URL(url).host,
  };
}

/** What a colleague does in the platform's own editor. */
export async function edit(harness: Pick<Harness, 'url' | 'token'>, name: string, section: string, text: string) {
  const response = await fetch(`${harness.url}/api/v2/sdk/apps/connections/${name}/${section}`, {
    method: 'PUT',
    headers: { authorization: `Token ${harness.token}`, 'content-type': 'application/jsonc' },
    body: text,
  });
  if (!response.ok) throw new Error(await response.text());
}

/** What the platform stores of a section. */
export async function stored(harness: Pick<Harness, 'url' | 'token'>, name: string, section: string): Promise<string> {
  const response = await fetch(`${harness.url}/api/v2/sdk/apps/connections/${name}/${section}`, {
    headers: { authorization: `Token ${harness.token}` },
  });
  if (!response.ok) throw new Error(await response.text());
  return response.text();
}
