import { ConnectorError } from '@connectorkit/sdk';

/** Pairs of arguments that exclude each other. */
export type Exclusive<Args> = readonly (readonly [keyof Args & string, keyof Args & string])[];

/** Checks if an argument was given: false, an empty text and an empty list are the same as none. */
export function isGiven(value: unknown): boolean {
  return value !== undefined && value !== false && String(value) !== '';
}

/** @throws ConnectorError usage `usage/arguments` if both of a pair were given to a command */
export function refuseExclusive<Args extends object>(command: string, args: Args, pairs: Exclusive<Args>): void {
  const pair = pairs.find((names) => names.every((name) => isGiven(args[name])));
  if (pair === undefined) return;
  const [one, other] = pair.map((name) => (name === 'connections' ? 'ids of connections' : `--${name}`));
  throw new ConnectorError('usage', {
    code: 'usage/arguments',
    message: `${one} and ${other} cannot both be given.`,
    hint: `\`connector ${command} --help\` describes them.`,
  });
}
