// The mock servers that `harness.js` compares with, each told what it needs to answer GET and PUT of one section, and
// to log as little as it can. Those that can keep a resource keep what is put.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const PATH = '/sections/api';

/**
 * @typedef {{ args: string[], path: string }} Command What Node runs, and where the section is.
 * @typedef {{ name: string, stores: boolean, newest?: true, command: (port: number, folder: string) => Command }} Mock
 * `newest` says that it needs Node 24; files of its own go to `folder`.
 */

/** @type {readonly Mock[]} */
export const MOCKS = [
  { name: 'json-server', stores: true, command: jsonServer },
  { name: 'Mockoon', stores: true, command: mockoon },
  { name: 'Prism', stores: false, newest: true, command: prism },
];

/** @type {Mock['command']} */
function jsonServer(port, folder) {
  const db = file(folder, 'db.json', { sections: [{ id: 'api' }] });
  const args = [bin('json-server', 'json-server'), '--quiet', '--port', String(port), '--host', '127.0.0.1', db];
  return { args, path: PATH };
}

/** @type {Mock['command']} */
function mockoon(port, folder) {
  const uuid = (/** @type {number} */ number) => `00000000-0000-4000-8000-00000000000${number}`;
  const bucket = 'sections';
  const environment = file(folder, 'mockoon.json', {
    uuid: uuid(0),
    lastMigration: 33,
    name: 'bench',
    port,
    hostname: '127.0.0.1',
    data: [{ uuid: uuid(1), id: bucket, name: bucket, documentation: '', value: JSON.stringify([{ id: 'api' }]) }],
    routes: [
      {
        uuid: uuid(2),
        type: 'crud',
        method: '',
        endpoint: 'sections',
        responses: [
          {
            uuid: uuid(3),
            statusCode: 200,
            bodyType: 'DATABUCKET',
            databucketID: bucket,
            crudKey: 'id',
            default: true,
          },
        ],
      },
    ],
  });
  const quiet = ['--disable-log-to-file', '--disable-admin-api', '--max-transaction-logs', '1'];
  return {
    args: [bin('@mockoon/cli', 'mockoon-cli'), 'start', '--repair', ...quiet, '--data', environment],
    path: PATH,
  };
}

/** It answers the examples of a contract, and keeps nothing. @type {Mock['command']} */
function prism(port, folder) {
  const schema = { type: 'object', properties: { baseUrl: { type: 'string' } }, required: ['baseUrl'] };
  const responses = (/** @type {object} */ example) => ({
    200: { description: 'ok', content: { 'application/json': { schema: { type: 'object' }, example } } },
  });
  const contract = file(folder, 'openapi.json', {
    openapi: '3.1.0',
    info: { title: 'bench', version: '1' },
    paths: {
      [PATH]: {
        get: { responses: responses({ baseUrl: 'https://api.example.com', pad: 'x'.repeat(550) }) },
        put: { requestBody: { content: { 'application/json': { schema } } }, responses: responses({ change: {} }) },
      },
    },
  });
  const quiet = ['--verboseLevel', 'silent'];
  const args = [bin('@stoplight/prism-cli', 'prism'), 'mock', ...quiet, '--port', String(port), contract];
  return { args, path: PATH };
}

/** The file that a package's command runs. @param {string} name @param {string} command */
function bin(name, command) {
  const root = join(import.meta.dirname, 'node_modules', name);
  const { bin: bins } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return join(root, typeof bins === 'string' ? bins : bins[command]);
}

/** @param {string} folder @param {string} name @param {unknown} content */
function file(folder, name, content) {
  const path = join(folder, name);
  writeFileSync(path, JSON.stringify(content));
  return path;
}
