import { isDeepStrictEqual } from 'node:util';
import { ConnectorError } from '../diagnostics.ts';

/**
 * Compares what something is now with what it was when somebody decided about it.
 * @param what how people call it, such as `The contract 7`
 * @param now undefined when it is gone
 * @throws ConnectorError conflict `origin/changed`
 */
export function expectUnchanged<Thing extends object>(
  what: string,
  now: Thing | undefined,
  seen: Thing | undefined,
): void {
  if (seen === undefined || isDeepStrictEqual(now, seen)) return;
  const names = Object.keys({ ...seen, ...now }) as (keyof Thing & string)[];
  const differing = names.filter((name) => !isDeepStrictEqual(now?.[name], seen[name]));
  throw new ConnectorError('conflict', {
    code: 'origin/changed',
    message:
      now === undefined
        ? `${what} no longer exists.`
        : `${what} has changed since it was looked at: ${differing.join(', ')}.`,
    hint: 'Nothing was changed. Run the command again, and check the current state.',
  });
}
