import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { strFromU8, unzipSync } from 'fflate';
import { expect, test } from 'vitest';
import { createProtocolConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-languageserver/node';
import { validateXML } from 'xmllint-wasm';
import { serverCommand } from '../../../../editors/vscode/src/server-command.ts';
import { BINARY, environmentOf, temporaryFolder } from '../connector.ts';
import { example } from './editor.ts';

const DIST = fileURLToPath(new URL('../../../../editors/vscode/dist', import.meta.url));

const files = () => unzipSync(new Uint8Array(readFileSync(join(DIST, 'connectorkit.vsix'))));

test('the build packs an extension that VS Code can install', async () => {
  const packed = files();
  const text = (path: string) => strFromU8(packed[path] ?? new Uint8Array());
  const manifest = JSON.parse(text('extension/package.json'));
  const { version } = JSON.parse(readFileSync(fileURLToPath(new URL('../../package.json', import.meta.url)), 'utf8'));
  expect(manifest).toMatchObject({ name: 'connectorkit', publisher: 'connectorkit', version, license: 'MIT' });
  expect(Object.keys(packed)).toContain(`extension/${manifest.main.slice(2)}`);
  for (const path of ['[Content_Types].xml', 'extension.vsixmanifest']) {
    const { valid } = await validateXML({ xml: [{ fileName: path, contents: text(path) }], normalization: 'format' });
    expect([path, valid]).toEqual([path, true]);
  }
  const description = text('extension.vsixmanifest');
  expect(description).toContain(
    `<Identity Language="en-US" Id="connectorkit" Version="${version}" Publisher="connectorkit"/>`,
  );
  for (const [, path = ''] of description.matchAll(/Path="([^"]+)"/g)) expect(Object.keys(packed)).toContain(path);
  // Each kind of file has a type, without which the editor refuses the package.
  const types = text('[Content_Types].xml');
  for (const path of Object.keys(packed)) {
    if (path !== '[Content_Types].xml')
      expect(types).toContain(`Extension=".${path.slice(path.lastIndexOf('.') + 1)}"`);
  }
});

test('the extension loads where VS Code is, and needs nothing else', () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'extension.cjs'), files()['extension/dist/extension.cjs'] ?? '');
  // Whatever is asked of the editor is a class that has whatever is asked of it.
  writeFileSync(
    join(folder, 'load.cjs'),
    `const Module = require('node:module');
     const anything = () => new Proxy(class {}, { get: (of, name) => (name in of ? of[name] : anything()) });
     const load = Module._load;
     Module._load = (name, ...rest) => (name === 'vscode' ? anything() : load(name, ...rest));
     const { activate, deactivate } = require('./extension.cjs');
     process.stdout.write([typeof activate, typeof deactivate].join());`,
  );
  expect(execFileSync(process.execPath, ['load.cjs'], { cwd: folder, encoding: 'utf8' })).toBe('function,function');
});

test('the extension that is packed shows the problems that the server of the project finds', () => {
  const folder = temporaryFolder();
  const extension = join(folder, 'extension.cjs');
  writeFileSync(extension, files()['extension/dist/extension.cjs'] ?? '');
  const project = join(folder, 'project');
  cpSync(example('github-oauth'), project, { recursive: true, filter: (path) => !path.endsWith('node_modules') });
  const installed = join(project, 'node_modules/@connectorkit/cli/dist');
  mkdirSync(dirname(installed), { recursive: true });
  symlinkSync(dirname(BINARY), installed, 'junction');
  const api = join(project, 'connections/github/api.jsonc');
  const text = readFileSync(api, 'utf8').replace('"method": "POST"', '"method": "PSOT"');
  writeFileSync(api, text);
  const line = text.split('\n').findIndex((each) => each.includes('PSOT'));
  const args = [fileURLToPath(new URL('vscode-host.cjs', import.meta.url)), extension, project, api];
  const { stdout, stderr, status } = spawnSync(process.execPath, args, {
    cwd: folder,
    env: environmentOf(),
    encoding: 'utf8',
    timeout: 100_000,
  });
  expect([status, stderr]).toEqual([0, '']);
  expect(JSON.parse(stdout)).toEqual({
    uri: pathToFileURL(api).href,
    shown: [{ code: 'schema/enum', severity: 0, start: { line, character: expect.any(Number) } }],
  });
});

test('the extension starts the server that the project has installed, as VS Code passes its arguments', async () => {
  const folder = temporaryFolder();
  expect(serverCommand([folder], [])).toEqual({ command: 'connector', args: ['lsp'] });
  expect(serverCommand([folder], ['npx', 'connector', 'lsp'])).toEqual({ command: 'npx', args: ['connector', 'lsp'] });
  const module = join(folder, 'node_modules/@connectorkit/cli/dist/connector.js');
  mkdirSync(dirname(dirname(module)), { recursive: true });
  symlinkSync(dirname(BINARY), dirname(module), 'junction');
  const chosen = serverCommand([temporaryFolder(), folder], []);
  expect(chosen).toEqual({ module, args: ['lsp'] });
  const args = [module, ...chosen.args, '--stdio', `--clientProcessId=${process.pid}`];
  const child = spawn(process.execPath, args, {
    cwd: folder,
    env: environmentOf(),
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const connection = createProtocolConnection(
    new StreamMessageReader(child.stdout),
    new StreamMessageWriter(child.stdin),
  );
  connection.listen();
  const { serverInfo } = await connection.sendRequest<{ serverInfo: object }>('initialize', {
    processId: process.pid,
    rootUri: null,
    capabilities: {},
  });
  expect(serverInfo).toMatchObject({ name: 'connector' });
  const ended = new Promise((done) => child.once('exit', done));
  await connection.sendRequest('shutdown');
  await connection.sendNotification('exit');
  expect(await ended).toBe(0);
});
