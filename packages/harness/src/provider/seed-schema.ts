import { choice, list, map, name, object, seedOf, text } from '../seed-schema.ts';

const seconds = { type: 'integer', minimum: 1, maximum: 315_360_000 };

const client = object(
  {
    client_id: name(),
    client_secret: name('Absent for public clients.'),
    client_name: name('On the page where users agree.'),
    redirect_uris: list(
      { type: 'string', format: 'uri' },
      'Compared literally; the port of one at 127.0.0.1 may be any, as RFC 8252 has it.',
    ),
    grant_types: list(
      choice([
        'authorization_code',
        'refresh_token',
        'client_credentials',
        'password',
        'urn:ietf:params:oauth:grant-type:jwt-bearer',
      ]),
      'By default all; a public client has no client_credentials.',
    ),
    token_endpoint_auth_method: choice(
      ['client_secret_basic', 'client_secret_post', 'client_secret_jwt', 'private_key_jwt', 'none'],
      'With a secret, in the header or in the body; `none` without.',
    ),
    scope: text('The scopes that it may ask for, separated by blanks; by default all.'),
    public_key: text('PEM. Proves assertions (RS256, ES256) and signatures with RSA-SHA1.'),
    pkce: choice(['required', 'optional'], 'By default required for public clients, and optional for others.'),
    basic: choice(
      ['form-encoded', 'raw', 'either'],
      'How id and secret stand in Authorization: Basic; by default form-encoded, as RFC 6749, section 2.3.1, has it.',
    ),
    access_token_lifetime: { ...seconds, description: 'In seconds; 3600 by default.' },
    refresh_tokens: choice(
      ['rotate', 'keep', 'none'],
      'Whether each refresh brings a new one, none, or there are none at all; `rotate` by default.',
    ),
  },
  ['client_id'],
);

const user = object(
  {
    username: name(),
    password: name(),
    name: text(),
    email: text(),
    api_key: { ...text('What the resources for keys let in.'), minLength: 8 },
  },
  ['username', 'password'],
);

/** Seed of the local provider. An entry with the id or name of a default replaces it. */
export const SEED = seedOf('the local provider', {
  clients: list(client),
  users: list(user),
  scopes: map(text(), 'More scopes, each with its description for users.'),
});
