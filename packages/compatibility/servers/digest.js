// What the template for digest tries at a server of others.
import { connectionOf, expectRefused, instanceOf } from '../ours.js';

export const USER = { name: 'Mufasa', password: 'Circle of Life', realm: 'members, all' };

/** @param {(context: any, settings: any) => Promise<string>} start gives the address of a server that protects /v1/me */
export function attemptsAt(start) {
  const connected = async (/** @type {any} */ context, /** @type {any} */ settings, /** @type {string} */ password) => {
    const url = await start(context, settings);
    const changes = /** @type {const} */ ([
      ['https://api.example.com', url],
      ['/v1/me', settings.target ?? '/v1/me'],
      ...(settings.edits ?? []),
    ]);
    const { runnable } = connectionOf(context, 'digest', changes, { parameters: { username: USER.name, password } });
    return runnable.connect();
  };
  return {
    connect: async (context, settings) => {
      const { uid } = instanceOf(await connected(context, settings, USER.password));
      if (uid !== USER.name) throw new Error(`the API answered to ${uid}`);
    },
    wrongPassword: async (context, settings) =>
      expectRefused(await connected(context, settings, 'another one'), /\[401\]/),
  };
}
