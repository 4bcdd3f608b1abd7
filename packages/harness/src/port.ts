import { readdir, readFile, readlink } from 'node:fs/promises';

/** Who listens on a port, in words: another harness is asked, on Linux the process is looked up. Never throws. */
export async function portHolder(host: string, port: number): Promise<string> {
  return (await harnessAt(host, port)) ?? (await processAt(port)) ?? 'another process listens there';
}

async function harnessAt(host: string, port: number): Promise<string | undefined> {
  try {
    const name = host.includes(':') ? `[${host}]` : host;
    const response = await fetch(`http://${name}:${port}/__harness`, { signal: AbortSignal.timeout(500) });
    const { harness, pid } = (await response.json()) as { harness?: string; pid?: number };
    return harness === 'connectorkit' ? `another harness runs there, process ${pid}` : undefined;
  } catch {
    return undefined;
  }
}

async function processAt(port: number): Promise<string | undefined> {
  if (process.platform !== 'linux') return undefined;
  try {
    const tables = await Promise.all(
      ['tcp', 'tcp6'].map((each) => readFile(`/proc/net/${each}`, 'utf8').catch(() => '')),
    );
    const hex = port.toString(16).toUpperCase().padStart(4, '0');
    const listening = tables
      .join('\n')
      .split('\n')
      .map((line) => line.trim().split(/\s+/));
    const inodes = new Set(
      listening.filter((row) => row[1]?.endsWith(`:${hex}`) && row[3] === '0A').map((row) => `socket:[${row[9]}]`),
    );
    for (const pid of (await readdir('/proc')).filter((entry) => /^\d+$/.test(entry))) {
      const handles = await readdir(`/proc/${pid}/fd`).catch(() => []);
      for (const handle of handles) {
        const target = await readlink(`/proc/${pid}/fd/${handle}`).catch(() => '');
        if (!inodes.has(target)) continue;
        const name = (await readFile(`/proc/${pid}/comm`, 'utf8')).trim();
        return `${name} listens there, process ${pid}`;
      }
    }
  } catch {
    // Not every system shows its processes; the port is taken all the same.
  }
  return undefined;
}
