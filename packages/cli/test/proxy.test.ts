import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { join } from 'node:path';
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
