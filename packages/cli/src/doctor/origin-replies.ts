import { ConnectorError, type Diagnostic } from '@connectorkit/sdk';
import type { Account, Platform } from '@connectorkit/sdk/platforms';
import type { Context } from '../command.ts';
import { refusePlainHttp } from '../hosts.ts';
import { type Choice, endpointOf } from '../origins.ts';
import { platformOf } from '../platforms.ts';
import { type Destination, findOrigin } from '../settings.ts';
import { admit } from '../tokens.ts';

/** An origin of a project: the token for it, and what it answered. */
export interface Reached {
  readonly name: string;
  readonly platform?: Platform;
  /** Where the token comes from, or why there is none. */
  readonly destination?: Destination;
  readonly noToken?: Diagnostic;
  /** Who the token belongs to, or why that could not be learnt. Neither where the origin was not asked. */
  readonly account?: Account;
  readonly refusal?: Diagnostic;
  /** Milliseconds by which the origin's clock is ahead of this machine's, by its Date header. */
  readonly ahead?: number;
}

/**
 * Looks at each origin of a project that is at an address: finds its token without asking anybody, and asks the platform
 * who that is. Without a token, or with one that is not for that host, a request without credentials shows the time there.
 * @param offline true if no request is sent
 */
export async function reachOrigins(context: Context, choice: Choice, offline: boolean): Promise<readonly Reached[]> {
  const declared = Object.entries(choice.project.origins).filter(
    ([, { url, zone }]) => url !== undefined || zone !== undefined,
  );
  return Promise.all(declared.map(([name]) => reach(context, { ...choice, flag: name }, name, offline)));
}

async function reach(context: Context, choice: Choice, name: string, offline: boolean): Promise<Reached> {
  let found: Reached = { name };
  try {
    const place = findOrigin(choice);
    const platform = platformOf(place);
    found = { name, platform };
    const clock = clockOf(context);
    const quiet = { ...context, send: clock.send, terminal: { ...context.terminal, interactive: false } };
    const destination = await admit(quiet, place, choice).catch((thrown) => problemOf(thrown));
    const admitted = 'token' in destination;
    found = { ...found, ...(admitted ? { destination } : { noToken: destination }) };
    if (offline) return found;
    const asked = admitted
      ? platform.whoami({ ...endpointOf(platform, destination), send: clock.send }).then(
          (account) => ({ account }),
          (thrown) => ({ refusal: problemOf(thrown) }),
        )
      : knock(place, clock.send);
    const answered = await asked;
    const ahead = clock.ahead();
    return { ...found, ...answered, ...(ahead === undefined ? {} : { ahead }) };
  } catch (thrown) {
    return { ...found, noToken: problemOf(thrown) };
  }
}

/** Asks for nothing, and says nothing of who asks. */
async function knock(place: { readonly name: string; readonly url: string }, send: Context['send']) {
  try {
    refusePlainHttp(place);
    await send({ method: 'GET', url: place.url, headers: {} });
    return {};
  } catch (thrown) {
    return { refusal: problemOf(thrown) };
  }
}

/** A sender that reads the time in answers: `Date` has whole seconds, so that half of one is added. */
function clockOf({ send }: Pick<Context, 'send'>) {
  let ahead: number | undefined;
  return {
    ahead: () => ahead,
    send: async (request: Parameters<Context['send']>[0]) => {
      const sent = Date.now();
      const response = await send(request);
      const there = Date.parse(response.headers.date ?? '');
      if (!Number.isNaN(there)) ahead = there + 500 - (sent + Date.now()) / 2;
      return response;
    },
  };
}

function problemOf(thrown: unknown): Diagnostic {
  if (thrown instanceof ConnectorError && thrown.diagnostics[0] !== undefined) return thrown.diagnostics[0];
  throw thrown;
}
