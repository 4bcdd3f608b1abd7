import { createRequire } from 'node:module';
import { serve } from '../ours.js';
import { attemptsAt, USER } from './digest.js';

const require = createRequire(import.meta.url);

export const attempts = attemptsAt(async (context, { settings = {} }) => {
  const auth = require(context.place);
  const { createHash } = await import('node:crypto');
  const hash = createHash('md5').update(`${USER.name}:${USER.realm}:${USER.password}`).digest('hex');
  const digest = auth.digest({ realm: USER.realm, ...settings }, (user, answer) =>
    answer(user === USER.name ? hash : undefined),
  );
  const answer = (request, response) =>
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ id: request.user }));
  // The fourth version gives a check of its own, the third wraps what answers.
  return serve(
    context,
    digest.check.length === 1 ? digest.check(answer) : (request, response) => digest.check(request, response, answer),
  );
});
