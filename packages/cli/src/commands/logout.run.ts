import type { Run } from '../command.ts';
import { credentialsOf } from '../credentials.ts';
import { placeOf } from '../origins.ts';
import type { logout as command } from './logout.ts';

export const run: Run<typeof command> = async (context, asked) => {
  const { place, platform } = placeOf(context, asked);
  const { name, url } = place;
  const forgotten = credentialsOf(context.environment).forget(url);
  return {
    data: { origin: name, platform: platform.name, url, forgotten },
    summary: forgotten ? `Forgot the token for ${url}.` : `Nothing to do: no token is kept for ${url}.`,
  };
};
