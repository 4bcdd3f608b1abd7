import { createRequire } from 'node:module';
import express from 'express';
import passport from 'passport';
import { serve } from '../ours.js';
import { attemptsAt, USER } from './digest.js';
import { protect } from './passport.js';

const require = createRequire(import.meta.url);

export const attempts = attemptsAt(async (context, { settings = {} }) => {
  const { DigestStrategy } = require(context.place);
  const one = new passport.Passport();
  one.use(
    new DigestStrategy({ realm: USER.realm, ...settings }, (name, done) =>
      name === USER.name ? done(null, { id: name }, USER.password) : done(null, false),
    ),
  );
  const app = express();
  protect(app, one, 'digest');
  return serve(context, app);
});
