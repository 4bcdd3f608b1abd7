import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { join } from 'node:path';
import { createHarness } from '@connectorkit/harness';
import { expect, test } from 'vitest';
import { run, temporaryFolder } from './connector.ts';

test('another machine is reached through the proxy that the environment names', async () => {
  const asked: string[] = [];
  const proxy = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.setHeader('content-type', 'application/json').end('{"authUser": {"id": 1, "name": "Ada"}}');
  });
  // What is asked for through a tunnel is answered here as well.
  proxy.on('connect', ({ url }, socket) => {
    asked.push(url ?? '');
    const { port } = proxy.address() as AddressInfo;
    const through = connect(port, '127.0.0.1', () => socket.write('HTTP/1.1 200 OK\r\n\r\n'));
    through.pipe(socket).pipe(through);
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  try {
    const url = 'http://api.example.invalid/api/v2';
    const cwd = temporaryFolder();
    const manifest = { name: 'far', origins: { far: { platform: 'make', url } } };
    writeFileSync(join(cwd, 'connector.json'), JSON.stringify(manifest));
    const env = { HTTP_PROXY: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`, CONNECTOR_TOKEN: 'secret' };
    const { code, stdout, stderr } = await run(['whoami', '--origin', 'far'], { cwd, env });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('Ada');
    expect(asked.join()).toContain('api.example.invalid');
  } finally {
    proxy.closeAllConnections();
    proxy.close();
  }
});

// The address is this machine's, but none that is known to be: only Linux has it without being told to.
test.skipIf(process.platform !== 'linux')('what is encrypted goes through one tunnel, unread', async () => {
  const folder = temporaryFolder();
  const harness = await createHarness({
    host: '127.0.0.2',
    allowRemote: true,
    tlsPort: 0,
    certificateFolder: folder,
    token: 'e3b0c442-98fc-4c14-9afb-f4c8996fb924',
  });
  const asked: string[] = [];
  let passed = '';
  const proxy = createServer((_, response) => response.writeHead(500).end());
  proxy.on('connect', ({ url = '', headers }, socket) => {
    asked.push(`${url} ${headers['proxy-authorization']}`);
    const { hostname, port } = new URL(`http://${url}`);
    const through = connect(Number(port), hostname, () => socket.write('HTTP/1.1 200 OK\r\n\r\n'));
    socket.on('data', (part) => (passed += part.toString('latin1')));
    through.pipe(socket).pipe(through);
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  try {
    const { tlsUrl = '', token, certificate } = harness;
    const origins = { far: { platform: 'make', url: `${tlsUrl}/api/v2` } };
    writeFileSync(join(folder, 'connector.json'), JSON.stringify({ name: 'far', origins }));
    const env = {
      HTTPS_PROXY: `http://name:word@127.0.0.1:${(proxy.address() as AddressInfo).port}`,
      NODE_EXTRA_CA_CERTS: certificate?.file ?? '',
      CONNECTOR_TOKEN_FAR: token,
      CONNECTOR_HOST_FAR: new URL(tlsUrl).host,
    };
    const { code, stderr } = await run(['diff', '--origin', 'far'], { cwd: folder, env });
    expect(code, stderr).toBe(0);
    expect(asked).toEqual([`${new URL(tlsUrl).host} Basic ${btoa('name:word')}`]);
    expect(passed).not.toContain(token);
    expect((await harness.journal.list()).length).toBeGreaterThan(0);
  } finally {
    proxy.closeAllConnections();
    proxy.close();
    await harness.close();
  }
});
