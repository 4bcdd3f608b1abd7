/**
 * Lets a strategy of Passport protect all paths. With a callback of its own, because the Passport of the year 2013 that
 * old strategies bring along gives every request a way to log in that wants sessions.
 * @param {import('express').Express} app @param {any} passport @param {string} strategy
 */
export function protect(app, passport, strategy) {
  app.all('/{*path}', (request, response, next) => {
    const answer = (
      /** @type {any} */ error,
      /** @type {any} */ user,
      /** @type {any} */ info,
      /** @type {any} */ status,
    ) => {
      if (error) return next(error);
      if (user) return response.json({ id: user.id });
      if (typeof info === 'string') response.set('www-authenticate', info);
      response.status(typeof info === 'number' ? info : (status ?? 401)).json({ message: info });
    };
    passport.authenticate(strategy, { session: false }, answer)(request, response, next);
  });
}
