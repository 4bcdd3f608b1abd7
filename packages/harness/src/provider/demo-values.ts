import { type Connection, lookUp } from '@connectorkit/sdk';
import { commonKeys, credentialKeys } from '@connectorkit/sdk/project';

type Values = Readonly<Record<string, unknown>>;

/** A field of a form, as far as it is filled in here. */
export interface Field {
  readonly name?: unknown;
  readonly type?: unknown;
  readonly required?: unknown;
  readonly default?: unknown;
  readonly options?: unknown;
}

/** The client and the user that are there without a seed; they open nothing but a pretended API. */
export const DEMO = {
  client: 'demo',
  secret: 'demo-secret',
  user: 'demo',
  password: 'demo-password',
  key: 'demo-api-key',
  /** A client without a secret, which proves with PKCE that a code is its own. */
  publicClient: 'demo-public',
};

/**
 * The values of `common`, with those of the provider's demo client for its id, its secret and its keys.
 * @param demoKey gives the demo client's private key in PEM
 */
export async function demoCommon(
  connection: Connection,
  given: Values | undefined,
  demoKey: () => Promise<string>,
): Promise<Values | undefined> {
  const { clientId, clientSecret } = credentialKeys(connection) ?? { clientId: publicIdIn(connection) };
  const keys = await signingKeys(connection, 'common', demoKey);
  if (clientId === undefined && Object.keys(keys).length === 0) return given;
  return {
    ...given,
    ...(clientId === undefined ? {} : { [clientId]: clientOf(connection) }),
    ...(clientSecret === undefined ? {} : { [clientSecret]: DEMO.secret }),
    ...keys,
  };
}

/**
 * Values for the fields of a form: those of the provider's demo client, and of its demo user where one is needed.
 * @param demoKey gives the demo client's private key in PEM
 */
export async function demoParameters(
  connection: Connection,
  fields: readonly Field[],
  demoKey: () => Promise<string>,
): Promise<Values> {
  const keys = await signingKeys(connection, '(?:parameters|data|connection)', demoKey);
  const ids = fields.flatMap(({ name }) => (CLIENT_ID.test(String(name)) ? [[name, clientOf(connection)]] : []));
  return filledIn(fields, { ...Object.fromEntries(ids), ...loginsIn(connection), ...keys });
}

/** The client that a section signs in with: one with a verifier that sends no secret is public. */
export function clientOf({ sections: { api } }: Connection): string {
  // What is left out of logs may be named there without being sent.
  const written = JSON.stringify(api?.value ?? {}, (name, value) => (name === 'log' ? undefined : value));
  return written.includes('code_verifier') && !/secret/i.test(written) ? DEMO.publicClient : DEMO.client;
}

/** The key of `common` that takes the id of a client which has no secret. */
function publicIdIn(connection: Connection): string | undefined {
  return clientOf(connection) === DEMO.publicClient
    ? commonKeys(connection).find((key) => CLIENT_ID.test(key))
    : undefined;
}

/** Values that a section signs tokens with, by their names under `root`: an HMAC takes the client's secret. */
async function signingKeys(
  { sections: { api } }: Connection,
  root: string,
  demoKey: () => Promise<string>,
): Promise<Values> {
  const signs = new RegExp(
    `\\b(?:jwt|generateJwtWithKeyId)\\([^,;]+[,;]\\s*${root}\\.(\\w+)(?:\\s*[,;]\\s*'(\\w+)')?`,
    'g',
  );
  const keys = [...textOf(api?.value).matchAll(signs)].map(async ([, name = '', algorithm = 'HS256']) => [
    name,
    algorithm.startsWith('HS') ? DEMO.secret : await demoKey(),
  ]);
  return Object.fromEntries(await Promise.all(keys));
}

/** User and password that are joined, for Basic or to be hashed, and those of the password grant. */
const PAIR = /parameters\.(\w+)\s*\+\s*':'\s*\+\s*(?:[\w.`-]+\s*\+\s*':'\s*\+\s*)?parameters\.(\w+)/g;
const USER = /"username":"\{\{parameters\.(\w+)\}\}"/g;
const PASSWORD = /"password":"\{\{parameters\.(\w+)\}\}"/g;

/** The fields that a section sends as user name and password, whatever they are called. */
function loginsIn({ sections: { api } }: Connection): Values {
  const written = textOf(api?.value);
  const pairs = [...written.matchAll(PAIR)].filter(([, user = '']) => !CLIENT_ID.test(user));
  const users = [...pairs.map(([, user = '']) => user), ...[...written.matchAll(USER)].map(([, user = '']) => user)];
  const passwords = [
    ...pairs.map(([, , password = '']) => password),
    ...[...written.matchAll(PASSWORD)].map(([, password = '']) => password),
  ];
  return Object.fromEntries([
    ...users.map((name) => [name, DEMO.user]),
    ...passwords.map((name) => [name, DEMO.password]),
  ]);
}

const CLIENT_ID = /(?:client|consumer)_?(?:id|key)$/i;
const CLIENT_SECRET = /(?:client|consumer)_?secret$/i;

/** Kinds of fields → what is filled in, where it has to be. */
const VALUES: Readonly<Record<string, unknown>> = {
  password: DEMO.key,
  email: 'demo@example.com',
  url: 'https://api.example.com',
  number: 1,
  integer: 1,
  uinteger: 1,
  boolean: true,
};

interface Choice {
  readonly value?: unknown;
  readonly default?: unknown;
}

/** The choices that a field of a form lists itself. */
function choicesOf({ options }: Field): readonly Choice[] {
  return Array.isArray(options) ? options.filter((each) => typeof each === 'object' && each !== null) : [];
}

const isDefault = (choice: Choice) => choice.default === true;

/** @param used values for fields whose use is known */
function filledIn(fields: readonly Field[], used: Values): Values {
  const required = fields.filter(({ required, type }) => required === true || type === 'password');
  const isLogin = required.some(({ name }) => /user|login/i.test(String(name)));
  return Object.fromEntries(
    fields.flatMap((field) => {
      const { name, type } = field;
      if (typeof name !== 'string') return [];
      if (Object.hasOwn(used, name)) return [[name, used[name]]];
      if (CLIENT_SECRET.test(name)) return [[name, DEMO.secret]];
      const choices = choicesOf(field);
      if (!required.includes(field) || field.default !== undefined || choices.some(isDefault)) return [];
      if (choices.length > 0) return [[name, choices[0]?.value]];
      if (type === 'password') return [[name, isLogin ? DEMO.password : DEMO.key]];
      return [[name, lookUp(VALUES, String(type)) ?? DEMO.user]];
    }),
  );
}

function textOf(value: unknown): string {
  return JSON.stringify(value ?? {});
}
