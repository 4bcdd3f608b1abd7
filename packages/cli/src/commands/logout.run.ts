import type { Run } from '../command.ts';
import { credentialsOf } from '../credentials.ts';
import { placeOf } from '../origins.ts';
import type { logout as command } from './logout.ts';

export const run: Run<typeof command> = async (context, asked) => {
  const { place, platform } = placeOf(context, asked);
  const { name, url } = place;
  const where = `${platform.title} at ${url}`;
  const forgotten = credentialsOf(context.environment).forget({ platform: platform.name, url });
  return {
    data: { origin: name, platform: platform.name, url, forgotten },
    summary: forgotten ? `Forgot the token for ${where}.` : `Nothing to do: no token is kept for ${where}.`,
  };
};
