import { attemptsOf } from './http.js';

export { begin } from './http.js';

export const attempts = attemptsOf(
  async ({ place }, { url, user, password, method = 'GET', body, times = 1, between }) => {
    const { default: DigestClient } = await import(`${place}/digest-fetch-src.js`);
    const client = new DigestClient(user, password);
    let response;
    for (let count = 0; count < times; count++) {
      response = await client.fetch(url, {
        method,
        ...(body === undefined ? {} : { body, headers: { 'content-type': 'text/plain' } }),
      });
      if (count === times - 1) break;
      await response.text();
      await between();
    }
    return { status: response.status, text: await response.text() };
  },
);
