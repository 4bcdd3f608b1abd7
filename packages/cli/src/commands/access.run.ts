import { setTimeout as sleep } from 'node:timers/promises';
import { ConnectorError } from '@connectorkit/sdk';
import type { Access, AccessAction, AccessContract, AccessFilter } from '@connectorkit/sdk/platforms';
import type { Arguments, Context, Result, Run } from '../command.ts';
import { originFlag } from '../conflicts.ts';
import { type CredentialWriter, credentialWriter } from '../credential-writer.ts';
import { type Opened, openAs } from '../origins.ts';
import { columns, plural } from '../output/text.ts';
import type { ACTIONS, access as command } from './access.ts';

type Args = Arguments<typeof command>;
type Action = (typeof ACTIONS)[number];

/** Input of an action: the platform's client, and the contract that was named. */
interface ActionInput extends Pick<Opened<'access'>, 'destination' | 'platform'> {
  readonly context: Context;
  readonly args: Args;
  readonly client: Access;
  readonly id: string;
}

export const run: Run<typeof command> = async (context, args) => {
  const action = args.action as Action;
  const of = COLLECTIVE[action];
  if (of === undefined && args.contract === undefined) {
    throw new ConnectorError('usage', {
      code: 'usage/missing',
      message: `${context.program} access ${action} needs <contract>.`,
      hint: `For example: ${again(context, args, `${action} contract10353`)}. \`${again(context, args, 'list')}\` shows ids.`,
    });
  }
  if (of !== undefined && args.contract !== undefined) {
    throw new ConnectorError('usage', {
      code: 'usage/arguments',
      message: `${JSON.stringify(args.contract)} is one argument too many for ${context.program} access ${action}.`,
      hint: 'Remove it; pass the API and the application with --api and --app.',
    });
  }
  const { platform, destination, client } = await openAs(context, 'access', args);
  const work: ActionInput = { context, args, client, platform, destination, id: args.contract ?? '' };
  const result = await refusing(of ?? (action === 'show' ? show : (each) => act(each, action as AccessAction)), work);
  return { ...result, data: { origin: destination.name, platform: platform.name, ...(result.data as object) } };
};

/** Actions that name no contract. */
const COLLECTIVE: { readonly [action in Action]?: (work: ActionInput) => Promise<Result> } = {
  list: async ({ client, args, destination }) => {
    const contracts = await client.list(filterOf(args));
    const summary = `${plural(contracts.length, 'contract')} on ${destination.name}.`;
    return { data: { contracts }, lines: table(contracts), summary };
  },

  request: async (work) => {
    const { client, args, context } = work;
    const { api, app: application, environment, tier, comment } = args;
    if (api === undefined || application === undefined) {
      throw new ConnectorError('usage', {
        code: 'usage/missing',
        message: `${context.program} access request needs --api and --app.`,
        hint: `For example: ${again(context, args, 'request --api petstore.acme --app mine')}`,
      });
    }
    // Before access is requested: credentials that cannot be written need not be granted.
    const writer = credentialWriter(context, args.connection);
    const contract = await client.request({
      api,
      application,
      ...(environment === undefined ? {} : { environment }),
      ...(tier === undefined ? {} : { tier }),
      ...(comment === undefined ? {} : { comment }),
      ...(args['accept-terms'] ? { acceptTerms: true } : {}),
    });
    return followed(work, contract, writer);
  },
};

/** The command that does something more in the same place: on a harness a platform has to be named. */
function again(
  { program }: Pick<Context, 'program'>,
  { origin, platform }: Pick<Args, 'origin' | 'platform'>,
  words: string,
): string {
  const on = platform === undefined ? '' : ` --platform ${platform}`;
  return `${program} access ${words}${on}${originFlag(origin)}`;
}

/** The same, once the platform is known. */
function afterwards(
  { context, args, platform }: Pick<ActionInput, 'context' | 'args' | 'platform'>,
  words: string,
): string {
  return again(context, { origin: args.origin, platform: platform.name }, words);
}

async function show(work: ActionInput): Promise<Result> {
  const { args, client, context, id } = work;
  const writer = args.wait || args.connection !== undefined ? credentialWriter(context, args.connection) : undefined;
  const contract = await client.show(id);
  if (writer !== undefined) return followed(work, contract, writer);
  return { data: { contract }, lines: facts(contract) };
}

/** Actions that take something away from others, and are confirmed first. */
const LOSSES: ReadonlySet<AccessAction> = new Set(['reject', 'suspend', 'cancel', 'revoke'] as const);

async function act({ context, args, client, destination, id }: ActionInput, action: AccessAction): Promise<Result> {
  const { comment, tier } = args;
  let seen: AccessContract | undefined;
  if (LOSSES.has(action) && !destination.local && !args.yes) {
    seen = await client.show(id);
    for (const message of facts(seen)) context.report({ kind: 'note', message });
    const message = `${action} ${id} on ${destination.name} at ${destination.url}?`;
    if (!(await context.ask.confirm({ message, flag: '--yes' }))) return { summary: 'Nothing was changed.' };
  }
  const contract = await client.act(id, action, {
    ...(seen === undefined ? {} : { seen }),
    ...(comment === undefined ? {} : { comment }),
    ...(tier === undefined ? {} : { tier }),
    ...(args['accept-terms'] ? { acceptTerms: true } : {}),
  });
  return { data: { contract }, lines: facts(contract), summary: `${id}: ${contract.status}.` };
}

/** The credentials of a contract that is in force are kept; others are waited for, or said to be under way. */
async function followed(work: ActionInput, first: AccessContract, writer: CredentialWriter): Promise<Result> {
  const { client, args } = work;
  const contract = args.wait ? await decided(work, first) : first;
  const credentials = LOST.has(contract.state) ? undefined : await client.credentials(contract.id);
  const lines = facts(contract);
  if (credentials !== undefined) {
    const { file, keys } = writer.write(credentials);
    const summary = `${contract.id}: ${contract.status}. ${keys.join(' and ')} are kept in ${file}.`;
    const next = ['connector validate', `connector push${originFlag(args.origin)}`];
    return { data: { contract, kept: { file, keys } }, lines, summary, next };
  }
  const next = afterwards(work, `show ${contract.id} --wait`);
  return { data: { contract, kept: null }, lines, summary: `${contract.id}: ${contract.status}.`, next: [next] };
}

/** States from which no credentials come by themselves. */
const LOST: ReadonlySet<AccessContract['state']> = new Set(['rejected', 'cancelled', 'revoked', 'suspended'] as const);

/** Milliseconds between two looks: short at first, and on this machine. */
const FIRST_LOOK = 250;
const LAST_LOOK = { local: 1_000, remote: 15_000 };

/** @throws ConnectorError refused `access/refused` when it was decided against us, or `access/pending` after the timeout */
async function decided(work: ActionInput, first: AccessContract): Promise<AccessContract> {
  const { client, context, args, destination } = work;
  const deadline = performance.now() + args.timeout * 1000;
  const most = destination.local ? LAST_LOOK.local : LAST_LOOK.remote;
  let contract = first;
  let reported = '';
  for (let pause = FIRST_LOOK; ; pause = Math.min(pause * 2, most)) {
    if (LOST.has(contract.state)) throw lost(work, contract);
    // It may have been decided since it was shown.
    if ((await client.credentials(contract.id)) !== undefined) return client.show(contract.id);
    if (performance.now() + pause > deadline) throw stillPending(work, contract);
    if (contract.status !== reported)
      context.report({ kind: 'step', message: `${contract.id}: ${contract.status}, waiting` });
    reported = contract.status;
    await sleep(pause, undefined, { signal: context.signal });
    contract = await client.show(contract.id);
  }
}

function lost(work: ActionInput, contract: AccessContract): ConnectorError {
  const { id, status, state } = contract;
  return new ConnectorError('refused', {
    code: 'access/refused',
    message: `${id} gives no access: ${status}.`,
    hint: wayOn(work, contract),
    found: state,
  });
}

function wayOn(work: ActionInput, { id, state, actions, api, application, tier }: AccessContract): string {
  if (actions.length > 0)
    return `You may \`${actions.map((each) => afterwards(work, `${each} ${id}`)).join('`, `')}\`.`;
  if (state !== 'cancelled') return 'Ask the owner of the API: only they can change it now.';
  const same = tier === null ? '' : ` --tier ${JSON.stringify(tier)}`;
  return `Ask again with \`${afterwards(work, `request --api ${api.id} --app ${application.id}${same}`)}\`.`;
}

function stillPending(work: ActionInput, { id, status }: AccessContract): ConnectorError {
  const seconds = work.args.timeout;
  return new ConnectorError('refused', {
    code: 'access/pending',
    message: `${id} was not decided within ${plural(seconds, 'second')}: ${status}.`,
    hint: `Keep waiting with \`${afterwards(work, `show ${id} --wait`)}\`; --timeout sets how long.`,
  });
}

/**
 * A platform that knows the caller and says no has refused, whatever status it says it with: wrong roles and sessions
 * that ended are refusals of this one action.
 */
async function refusing(run: (work: ActionInput) => Promise<Result>, work: ActionInput): Promise<Result> {
  try {
    return await run(work);
  } catch (error) {
    if (!(error instanceof ConnectorError) || error.kind !== 'auth') throw error;
    throw new ConnectorError('refused', error.diagnostics, { cause: error });
  }
}

function filterOf({ api, app: application, environment, state }: Args): AccessFilter {
  return {
    ...(api === undefined ? {} : { api }),
    ...(application === undefined ? {} : { application }),
    ...(environment === undefined ? {} : { environment }),
    ...(state === undefined ? {} : { state }),
  };
}

function facts({ id, api, application, environment, tier, requestedTier, status, actions }: AccessContract): string[] {
  return columns([
    ['contract', id],
    ['api', `${api.title} (${api.id})`],
    ['app', `${application.title} (${application.id})`],
    ...(environment === null ? [] : [['environment', environment]]),
    ...(tier === null ? [] : [['tier', tier]]),
    ...(requestedTier === null ? [] : [['asked for', requestedTier]]),
    ['status', status],
    ['you may', actions.length === 0 ? 'nothing' : actions.join(', ')],
  ]);
}

function table(contracts: readonly AccessContract[]): string[] {
  return columns(
    contracts.map(({ id, status, environment, api, application }) => [
      id,
      status,
      environment ?? '-',
      api.title,
      application.title,
    ]),
  );
}
