import { userOfKey } from '../registered.ts';
import { challenge, type Resource, type ResourceCall, refusal, welcome } from '../resource.ts';

/** Where a key may stand, and what it is called there. */
const PLACES = {
  header: 'the header X-API-Key',
  query: 'the query parameter api_key',
  cookie: 'the cookie api_key',
} as const;

type KeyLocation = keyof typeof PLACES;

/** A key in one place; a key in another place is refused with the place to send it in. */
export function apiKey(wanted: KeyLocation): Resource {
  return async (call) => {
    const keys = keysIn(call);
    const no = (message: string) => refusal(401, [challenge('ApiKey', { in: wanted })], message);
    const elsewhere = (Object.keys(PLACES) as KeyLocation[]).find((place) => keys[place] !== undefined);
    const key = keys[wanted];
    if (key === undefined) {
      const found = elsewhere === undefined ? 'The request has no key' : `The key is in ${PLACES[elsewhere]}`;
      return no(`${found}. Send it in ${PLACES[wanted]}.`);
    }
    const user = await call.surroundings.store.read((tx) => userOfKey(key, tx));
    return user === undefined ? no('The key is unknown.') : welcome(user, { scheme: 'api_key', in: wanted });
  };
}

function keysIn({ incoming: { headers }, query }: ResourceCall): {
  readonly [place in KeyLocation]: string | undefined;
} {
  const { 'x-api-key': header, cookie = '' } = headers;
  const [, value] = /(?:^|; ?)api_key=([^;]*)/.exec(String(cookie)) ?? [];
  return {
    header: header === undefined ? undefined : String(header),
    query: query.get('api_key') ?? undefined,
    cookie: value,
  };
}
