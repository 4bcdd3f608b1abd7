import { type Received, type Reply, serve } from './server.ts';

/** What a provider is asked at one of its addresses. */
export interface Asked extends Received {
  readonly path: string;
  /** Of a form, or of the query string. */
  readonly form: URLSearchParams;
}

type Answerer = (asked: Asked) => Reply;

/** A server with an address for each thing that an API does. What it is not asked for is a 404. */
export async function provider(routes: Readonly<Record<string, Answerer>>) {
  const { url, received } = await serve((request) => {
    const { pathname, searchParams } = new URL(request.url, 'http://localhost');
    const answer = routes[pathname];
    if (answer === undefined) return { status: 404, body: { message: `nothing is at ${pathname}` } };
    const isForm = request.headers['content-type']?.startsWith('application/x-www-form-urlencoded') === true;
    return answer({ ...request, path: pathname, form: isForm ? new URLSearchParams(request.body) : searchParams });
  });
  return { url, received };
}

/** What a browser brings back whose user agrees: a code, and the state that it was sent with. */
export function agrees(code = 'c0de-1234') {
  return async ({ url }: { readonly url: string }) => {
    const state = new URL(url).searchParams.get('state') ?? '';
    return new URLSearchParams({ code, state });
  };
}
