import { isUtf8 } from 'node:buffer';
import { isSame, userOf } from '../registered.ts';
import { challenge, type Resource, refusal, welcome } from '../resource.ts';

/**
 * User name and password in the Authorization header: RFC 7617. The strict one takes nothing but padded Base64 of UTF-8;
 * the lenient one Base64 of the kind for URLs, without padding, of Latin-1, and of a form-encoded pair as well.
 */
export function basic({ lenient }: { readonly lenient: boolean }): Resource {
  return async ({ incoming: { headers }, surroundings: { store } }) => {
    const no = (message: string) => refusal(401, [challenge('Basic', { charset: 'UTF-8' })], message);
    const [, scheme, encoded = ''] = /^(\S+)(?: +(.*))?$/s.exec(String(headers.authorization ?? '')) ?? [];
    if (scheme === undefined) return no('Send user name and password as Authorization: Basic.');
    if (scheme.toLowerCase() !== 'basic') return no(`The scheme is ${scheme}; Basic is required.`);
    const bytes = Buffer.from(encoded, 'base64');
    if (!lenient) {
      if (bytes.toString('base64') !== encoded) return no('The value after Basic is not padded Base64.');
      if (!isUtf8(bytes)) return no('User name and password are not in UTF-8.');
    }
    const text = bytes.toString(isUtf8(bytes) ? 'utf8' : 'latin1');
    const colon = text.indexOf(':');
    if (colon < 0) return no('There is no colon between user name and password.');
    const pairs = [[text.slice(0, colon), text.slice(colon + 1)], ...(lenient ? formDecoded(text) : [])];
    for (const [username = '', password = ''] of pairs) {
      const user = await store.read((tx) => userOf(username, tx));
      if (user !== undefined && isSame(user.password, password)) return welcome(user, { scheme: 'basic' });
    }
    return no('There is no user with this name and password.');
  };
}

function formDecoded(text: string): string[][] {
  const colon = text.indexOf(':');
  try {
    return [
      [text.slice(0, colon), text.slice(colon + 1)].map((part) => decodeURIComponent(part.replaceAll('+', '%20'))),
    ];
  } catch {
    return [];
  }
}
