import { execFile } from 'node:child_process';
import { attemptsOf } from './http.js';

export { begin } from './http.js';

export const attempts = attemptsOf(async ({ place }, { url, user, password, method = 'GET', body, times = 1 }) => {
  // The password on standard input: what stands among the arguments is seen by everybody on the machine.
  const words = ['--digest', '--silent', '--config', '-', '--request', method, '--write-out', '\n%{http_code}\n'];
  const sent = body === undefined ? [] : ['--header', 'content-type: text/plain', '--data-binary', body];
  const said = await new Promise((resolve, reject) => {
    const all = [...words, ...sent, ...Array.from({ length: times }, () => url)];
    const child = execFile(place, all, (error, stdout) => (error ? reject(error) : resolve(stdout)));
    child.stdin?.end(`user = "${user}:${password}"\n`);
  });
  const [text = '', status = ''] = String(said).trim().split('\n').slice(-2);
  return { status: Number(status), text };
});
