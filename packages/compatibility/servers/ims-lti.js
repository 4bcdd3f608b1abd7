import { createRequire } from 'node:module';
import express from 'express';
import { serve } from '../ours.js';
import { attemptsAt, CONSUMER } from './oauth1.js';

const require = createRequire(import.meta.url);
const LAUNCH = {
  lti_message_type: 'basic-lti-launch-request',
  lti_version: 'LTI-1p0',
  resource_link_id: 'a b',
  user_id: 'user-1',
};

const server = attemptsAt(async (context, { secret = CONSUMER.secret }) => {
  const { Provider } = require(context.place);
  const app = express();
  app.use(express.urlencoded({ extended: false }));
  app.post('/{*path}', (request, response) => {
    const provider = new Provider(CONSUMER.key, secret);
    provider.valid_request(request, (/** @type {any} */ error, /** @type {boolean} */ valid) => {
      if (valid) response.json({ id: provider.userId });
      else response.status(401).json({ message: error?.message });
    });
  });
  return { url: await serve(context, app) };
});

/** It verifies the launch of a tool: a form that is signed with the consumer's secret and no token. */
const form = (/** @type {object} */ more = {}) => ({
  only: 'info',
  place: 'body',
  edits: [
    [
      /"oauth": \{\s*"token": "\{\{connection\.token\}\}",\s*"token_secret": "\{\{connection\.tokenSecret\}\}"\s*\}/g,
      `"method": "POST", "type": "urlencoded", "body": ${JSON.stringify({ ...LAUNCH, ...more })}`,
    ],
  ],
});

export const attempts = {
  launch: (context, { more, ...settings }) => server.connect(context, { ...form(more), ...settings }),
  wrongSecret: (context, settings) => server.wrongSecret(context, { ...form(), ...settings }),
};
