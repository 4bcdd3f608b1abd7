import { createRequire } from 'node:module';
import express from 'express';
import passport from 'passport';
import { serve } from '../ours.js';
import { attemptsAt, CONSUMER, TOKEN } from './oauth1.js';
import { protect } from './passport.js';

const require = createRequire(import.meta.url);

export const attempts = attemptsAt(async (context) => {
  const { TokenStrategy } = require(context.place);
  const one = new passport.Passport();
  one.use(
    'token',
    new TokenStrategy(
      (key, done) => (key === CONSUMER.key ? done(null, { id: key }, CONSUMER.secret) : done(null, false)),
      (token, done) => (token === TOKEN.token ? done(null, { id: 'user-1' }, TOKEN.secret) : done(null, false)),
    ),
  );
  const app = express();
  app.use(express.urlencoded({ extended: false }));
  protect(app, one, 'token');
  return { url: await serve(context, app) };
});
