import { ConnectorError, type Project } from '@connectorkit/sdk';
import type { HttpResponse, Send } from '@connectorkit/sdk/platforms';
import type { Context } from './command.ts';
import { type Ask, askAt, exchangeAt } from './harness-control.ts';
import { hostNamed, isOwnZone, refusePlainHttp } from './hosts.ts';
import { tokenGiven } from './input.ts';
import { choiceOf } from './origins.ts';
import { platformOf } from './platforms.ts';
import { type Destination, findOrigin } from './settings.ts';
import { admit } from './tokens.ts';

/** A harness that somebody else runs, by its address. */
export interface RemoteHarness {
  /** Without a slash at the end. */
  readonly url: string;
  readonly ask: Ask;
  /** The same, with refusals as answers. */
  readonly exchange: ReturnType<typeof exchangeAt>;
  /** The same, also when the command was interrupted. */
  readonly last: ReturnType<typeof exchangeAt>;
}

/**
 * The way to a harness that runs elsewhere, whose address the user gave. Its control token comes from
 * `CONNECTOR_CONTROL_TOKEN`, which is for the host in `CONNECTOR_CONTROL_HOST` alone, or is asked for, or read from stdin.
 * It is sent to nothing that does not say it is a harness.
 * @param stdinIsTaken whether the command reads something else there
 * @throws ConnectorError usage `usage/arguments`, `usage/environment`, `usage/missing` or `origin/plain-http`, auth
 * `origin/host`, network `origin/unreachable` or `harness/stranger`; from what it gives, what the harness refuses
 */
export async function remoteHarness(context: Context, given: string, stdinIsTaken = false): Promise<RemoteHarness> {
  const url = addressIn(given);
  refusePlainHttp({ name: 'harness', url });
  const control = tokenInEnvironment(context, url);
  if (control === undefined && stdinIsTaken) {
    throw new ConnectorError('usage', {
      code: 'usage/missing',
      message: 'Stdin can give the input of the command or the control token, not both.',
      hint: howToGive(url),
    });
  }
  await confirmRemote(context.send, url);
  const wanted = { title: 'Control token', where: `the harness at ${url}`, hint: howToGive(url) };
  const token = control ?? (await tokenGiven(context, wanted));
  const { send, sendLast } = context;
  const [exchange, last] = [exchangeAt(send, url, token), exchangeAt(sendLast, url, token)];
  return { url, ask: askAt(send, url, token), exchange, last };
}

function addressIn(given: string): string {
  const url = URL.canParse(given) ? new URL(given) : undefined;
  if (url !== undefined && /^https?:$/.test(url.protocol) && /^\/(__harness\/?)?$/.test(url.pathname)) {
    return url.origin;
  }
  throw new ConnectorError('usage', {
    code: 'usage/arguments',
    message: '--url is not the address of a harness.',
    hint: 'Write the URL that the harness prints when it starts, without a path: --url https://harness.example.com:4643',
  });
}

/** @throws ConnectorError auth `origin/host` when nothing says that the token is for this host */
function tokenInEnvironment({ environment }: Pick<Context, 'environment'>, url: string): string | undefined {
  const { CONNECTOR_CONTROL_TOKEN: token, CONNECTOR_CONTROL_HOST: host } = environment;
  if (!token) return undefined;
  if (host && hostNamed({ url }, 'CONNECTOR_CONTROL_HOST', host)) return token;
  const why = host
    ? `CONNECTOR_CONTROL_HOST is ${host}`
    : 'CONNECTOR_CONTROL_HOST does not allow CONNECTOR_CONTROL_TOKEN for it';
  throw new ConnectorError('auth', {
    code: 'origin/host',
    message: `The harness is at ${url}, and ${why}.`,
    hint: `If the token is for that host, set CONNECTOR_CONTROL_HOST=${new URL(url).host}; or unset it and write the token to stdin.`,
    found: url,
  });
}

function howToGive(url: string): string {
  return `Write it to stdin, or set CONNECTOR_CONTROL_TOKEN and CONNECTOR_CONTROL_HOST=${new URL(url).host}.`;
}

/**
 * The harness at an origin of the project, with what lets this user in there. A platform itself is none: what is written
 * on every save is for nobody's customers.
 * @throws ConnectorError usage `usage/arguments` for a platform's own address, network `harness/stranger` for something
 * else that is no harness; as findOrigin and admit do
 */
export async function harnessAt(context: Context, { origins }: Project, name: string): Promise<Destination> {
  const choice = choiceOf(context, { origins, folder: context.root() }, name);
  const place = findOrigin(choice);
  const push = `\`connector push --origin ${name}\``;
  if (!place.local && isOwnZone(place)) {
    throw new ConnectorError('usage', {
      code: 'usage/arguments',
      message: `${JSON.stringify(name)} is the real platform ${platformOf(place).title}; pushing on every save needs a harness.`,
      hint: `To push there, run ${push}.`,
      found: place.url,
    });
  }
  const destination = await admit(context, place, choice);
  await confirmRemote(
    context.send,
    new URL(place.url).origin,
    `Check its address; a platform is pushed to with ${push}.`,
  );
  return destination;
}

const ADDRESS = 'Check the URL; a harness prints it when it starts.';

/**
 * Asks what answers at an address whether it is a harness, before it is sent any token.
 * @throws ConnectorError network `origin/unreachable`, or `harness/stranger` when it is something else
 */
async function confirmRemote(send: Send, url: string, hint = ADDRESS): Promise<void> {
  if (isHarness(await send({ method: 'GET', url: `${url}/__harness`, headers: {} }))) return;
  throw new ConnectorError('network', {
    code: 'harness/stranger',
    message: `The program at ${url} is not a harness.`,
    hint,
    found: url,
  });
}

function isHarness({ status, body }: HttpResponse): boolean {
  try {
    return status === 200 && JSON.parse(body)?.harness === 'connectorkit';
  } catch {
    return false;
  }
}
