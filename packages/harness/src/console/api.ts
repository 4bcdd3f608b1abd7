import type { Express, RequestHandler } from 'express';
import express from 'express';
import type { ConsoleSessions } from './sessions.ts';

/** Bytes that the body with a code may have. */
const BODY_LIMIT = 1000;

/** Adds what begins a session, for browsers that come with the code of a link. It wants no token. */
export function beginRoute(own: Express, sessions: ConsoleSessions): void {
  const begin: RequestHandler = async (request, response) => {
    const { code } = (request.body ?? {}) as { code?: unknown };
    const { origin, 'sec-fetch-site': site } = request.headers;
    const isOwn = origin !== undefined || site === 'same-origin';
    const session = isOwn && typeof code === 'string' ? await sessions.begin(code, request) : undefined;
    if (session === undefined) {
      return void response.status(401).json({ message: 'The link was used before, or is too old. Get a new one.' });
    }
    response.status(201).set('set-cookie', session.cookie).json({ key: session.key });
  };
  own.post('/__harness/console-session', express.json({ limit: BODY_LIMIT }), begin);
}

/** Adds the rest, which wants the control token or a session. */
export function consoleRoutes(own: Express, sessions: ConsoleSessions): void {
  own.post('/__harness/console-links', async (_request, response) => {
    response.status(201).json({ link: await sessions.link() });
  });
}
