import type { Run } from '../command.ts';
import { endpointOf, placeOf } from '../origins.ts';
import { columns } from '../output/text.ts';
import { admit } from '../tokens.ts';
import type { whoami as command } from './whoami.ts';

export const run: Run<typeof command> = async (context, asked) => {
  const { place, platform, choice } = placeOf(context, asked);
  const destination = await admit(context, place, choice);
  const endpoint = endpointOf(platform, destination);
  const account = await platform.whoami({ ...endpoint, send: context.send });
  const { name, email, scopes } = account;
  const facts = [
    ['account', email === undefined ? name : `${name} (${email})`],
    ['platform', platform.title],
    ['url', endpoint.url],
    ['token', `from ${destination.source}`],
    ...(scopes === undefined ? [] : [['scopes', scopes.join(' ') || 'none']]),
  ];
  return {
    data: { origin: destination.name, platform: platform.name, url: endpoint.url, token: destination.source, account },
    lines: columns(facts),
  };
};
