// Web servers of this machine that protect a file with digest.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { attemptsAt, USER } from './digest.js';

async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** A folder with a site and the file of passwords; these programs give up their rights, and have to read it. */
function siteIn(context, algorithms) {
  const folder = mkdtempSync(join(context.folder, 'site-'));
  for (const each of [context.folder, folder]) chmodSync(each, 0o755);
  mkdirSync(join(folder, 'www/v1'), { recursive: true });
  writeFileSync(join(folder, 'www/v1/me'), JSON.stringify({ id: USER.name }));
  const line = (/** @type {string} */ hash) =>
    `${USER.name}:${USER.realm}:${createHash(hash).update(`${USER.name}:${USER.realm}:${USER.password}`).digest('hex')}\n`;
  writeFileSync(join(folder, 'users'), algorithms.map(line).join(''));
  return folder;
}

/** Starts a program, and waits until it answers. */
async function started(context, command, words, port) {
  const child = spawn(command, words, { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (text) => {
      said += text;
    });
  let ended = false;
  child.on('close', () => {
    ended = true;
  });
  context.onEnd(async () => {
    child.kill();
    while (!ended) await new Promise((resolve) => setTimeout(resolve, 20));
  });
  const url = `http://127.0.0.1:${port}`;
  for (let times = 0; times < 200; times++) {
    if (ended) throw new Error(`it does not start: ${said}`);
    if (await fetch(url).catch(() => undefined)) return url;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('it does not answer');
}

const APACHE_MODULES = ['mpm_event', 'authn_core', 'authn_file', 'authz_core', 'authz_user', 'auth_digest', 'unixd'];

export const PROGRAMS = {
  apache2: attemptsAt(async (context, { settings = [] }) => {
    const folder = siteIn(context, ['md5']);
    const port = await freePort();
    const modules = ['/usr/lib/apache2/modules', '/usr/lib64/httpd/modules', '/usr/libexec/apache2'].find(existsSync);
    const loads = APACHE_MODULES.map((name) => [name, join(modules ?? '', `mod_${name}.so`)])
      .filter(([, file = '']) => existsSync(file))
      .map(([name, file]) => `LoadModule ${name}_module ${file}`);
    const text = [
      ...[`ServerRoot "${folder}"`, `PidFile "${folder}/pid"`, `Listen 127.0.0.1:${port}`, 'ServerName localhost'],
      ...['User nobody', 'Group nogroup', ...loads, `ErrorLog "${folder}/errors"`, `DocumentRoot "${folder}/www"`],
      ...[
        `DefaultRuntimeDir "${folder}"`,
        `<Directory "${folder}/www">`,
        'ForceType application/json',
        'AuthType Digest',
      ],
      ...[
        `AuthName "${USER.realm}"`,
        `AuthUserFile "${folder}/users"`,
        'AuthDigestProvider file',
        'Require valid-user',
      ],
      ...[...settings, '</Directory>'],
    ].join('\n');
    writeFileSync(join(folder, 'configuration'), `${text}\n`);
    return started(context, context.place, ['-f', join(folder, 'configuration'), '-D', 'FOREGROUND'], port);
  }),
  lighttpd: attemptsAt(async (context, { algorithm = 'md5' }) => {
    const folder = siteIn(context, [algorithm === 'sha256' ? 'sha256' : 'md5']);
    const port = await freePort();
    const option = algorithm === 'default' ? '' : `, "algorithm" => "${algorithm === 'sha256' ? 'SHA-256' : 'MD5'}"`;
    const text = `server.document-root = "${folder}/www"
server.port = ${port}
server.bind = "127.0.0.1"
server.modules = ("mod_auth", "mod_authn_file")
auth.backend = "htdigest"
auth.backend.htdigest.userfile = "${folder}/users"
auth.require = ("/" => ("method" => "digest", "realm" => "${USER.realm}", "require" => "valid-user"${option}))
mimetype.assign = ("" => "application/json")
`;
    writeFileSync(join(folder, 'configuration'), text);
    return started(context, context.place, ['-D', '-f', join(folder, 'configuration')], port);
  }),
};
