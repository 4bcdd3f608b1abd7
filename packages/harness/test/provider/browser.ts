/** What a browser does for the local provider's pages: follows redirects, keeps cookies, and submits forms. */
export class Browser {
  readonly #cookies = new Map<string, string>();

  /** Goes to a URL, and on until there is a page, or a redirect to somewhere else than `origin` or to an app there. */
  async go(
    url: string,
    origin: string,
    init: RequestInit = {},
  ): Promise<{ url: string; page: string; response?: Response }> {
    let next = url;
    let request = init;
    for (let steps = 0; steps < 10; steps++) {
      if (new URL(next).origin !== origin || new URL(next).pathname === '/__harness/callback')
        return { url: next, page: '' };
      const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
      const response = await fetch(next, {
        ...request,
        redirect: 'manual',
        headers: { ...request.headers, cookie, accept: 'text/html' },
      });
      for (const line of response.headers.getSetCookie()) {
        const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
        if (value === '') this.#cookies.delete(name);
        else this.#cookies.set(name, value);
      }
      const location = response.headers.get('location');
      if (location === null) return { url: next, page: await response.text(), response };
      next = new URL(location, next).href;
      request = {};
    }
    throw new Error('too many redirects');
  }

  /** Signs in at an authorization URL and agrees, or not; gives where it was sent back to. */
  async authorize(
    url: URL,
    {
      decision = 'allow',
      username = 'demo',
      password = 'demo-password',
    }: { decision?: string; username?: string; password?: string } = {},
  ): Promise<URL> {
    const asked = await this.go(url.href, url.origin);
    if (asked.page === '') return new URL(asked.url);
    const [, action] = /<form method="post" action="([^"]+)">/.exec(asked.page) ?? [];
    if (action === undefined) throw new Error(asked.page);
    const body = new URLSearchParams({ username, password, decision });
    const headers = { origin: url.origin };
    const answered = await this.go(new URL(action, url).href, url.origin, { method: 'POST', body, headers });
    if (answered.page !== '') throw new Error(answered.page);
    return new URL(answered.url);
  }
}
