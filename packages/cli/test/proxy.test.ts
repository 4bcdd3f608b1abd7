import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { join } from 'node:path';
import { createHarness } from '@connectorkit/harness';
import { expect, test } from 'vitest';
import { run, temporaryFolder } from './connector.ts';
import { startStranger } from './stranger.ts';

test('without TLS nobody is asked, through a proxy or without', async () => {
  const proxy = await startStranger();
  const cwd = temporaryFolder();
  const origins = { far: { platform: 'make', url: 'http://api.example.invalid/api/v2' } };
  writeFileSync(join(cwd, 'connector.json'), JSON.stringify({ name: 'far', origins }));
  const env = {
    HTTP_PROXY: proxy.url,
    CONNECTOR_TOKEN: 'secret',
    CONNECTOR_TOKEN_FAR: 'secret',
    CONNECTOR_HOST_FAR: 'api.example.invalid',
  };
  const { code, stdout } = await run(['whoami', '--origin', 'far', '--json'], { cwd, env });
  expect([code, JSON.parse(stdout).diagnostics[0].code]).toEqual([2, 'origin/plain-http']);
  expect(proxy.connections()).toBe(0);
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
