import { afterEach, expect, test } from 'vitest';
import { run } from './connector.ts';
import { newProject, start, stopAll } from './project.ts';

afterEach(stopAll);

test('connector harness open prints a link that begins a session, and compares with the files of the folder', async () => {
  const project = await newProject();
  const dev = await start(['dev', '--port', '0'], project);
  await expect.poll(dev.talk, { timeout: 10_000 }).toContain('pushed');
  const { code, stdout, stderr } = await run(['harness', 'open', '--print-url'], { cwd: project });
  expect(code).toBe(0);
  const [, origin = '', secret = ''] =
    /(http:\/\/127\.0\.0\.1:\d+)\/__harness\/console\/#code=([\w-]+)/.exec(stdout + stderr) ?? [];
  expect(secret).not.toBe('');
  const begun = await fetch(`${origin}/__harness/console-session`, {
    method: 'POST',
    headers: { origin, 'content-type': 'application/json' },
    body: JSON.stringify({ code: secret }),
  });
  expect(begun.status).toBe(201);

  const [cookie = ''] = begun.headers.get('set-cookie')?.split(';') ?? [];
  const { key } = (await begun.json()) as { key: string };
  const ask = async (path: string) => {
    const headers = { origin, cookie, 'x-connector-console': key };
    return (await (await fetch(`${origin}/__harness/platforms/make${path}`, { headers })).json()) as Record<
      string,
      unknown
    >;
  };
  const { connections } = await ask('/connection-names');
  const [{ name = '' } = {}] = connections as { name?: string }[];
  // What dev pushed is what the files say.
  expect(await ask(`/connections/${name}/differences`)).toEqual({ differences: { sections: [] } });
});
