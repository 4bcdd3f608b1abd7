import { attemptsOf } from './http.js';

export { begin } from './http.js';

export const attempts = attemptsOf(
  async ({ place }, { url, user, password, method = 'GET', body, times = 1, between }) => {
    const { HttpClient } = await import(`${place}/dist/esm/index.js`);
    const client = new HttpClient();
    const sent = body === undefined ? {} : { content: body, contentType: 'text/plain' };
    let answer;
    for (let count = 0; count < times; count++) {
      if (count > 0) await between();
      answer = await client.request(url, {
        method,
        digestAuth: `${user}:${password}`,
        dataType: 'text',
        timeout: 30_000,
        ...sent,
      });
    }
    return { status: answer.status, text: answer.data };
  },
);
