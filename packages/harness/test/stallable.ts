import { connect, createServer, type Socket } from 'node:net';

/** A listener that passes everything on to a port, until it is told to stand still: what comes then is lost. */
export async function stallable(target: number) {
  const sockets = new Set<Socket>();
  let isStalled = false;
  const listener = createServer((near) => {
    const far = connect(target, '127.0.0.1');
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => {}).on('close', () => sockets.delete(socket));
    }
    near.on('data', (chunk) => isStalled || far.write(chunk)).on('close', () => far.destroy());
    far.on('data', (chunk) => isStalled || near.write(chunk)).on('close', () => near.destroy());
  });
  await new Promise<void>((done) => listener.listen(0, '127.0.0.1', done));
  return {
    port: (listener.address() as { port: number }).port,
    stall: () => {
      isStalled = true;
    },
    resume: () => {
      isStalled = false;
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((done) => listener.close(done));
    },
  };
}
