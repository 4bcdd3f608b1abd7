import { ConnectorError, type Diagnostic } from '@connectorkit/sdk';
import {
  expectUnchanged,
  type Instance,
  type InstanceChange,
  type InstanceFilter,
  type Instances,
} from '@connectorkit/sdk/platforms';
import type { Arguments, Context, Result, Run } from '../command.ts';
import { type Form, formOf } from '../form.ts';
import { parametersGiven } from '../input.ts';
import { openAs } from '../origins.ts';
import { columns, plural } from '../output/text.ts';
import type { Destination } from '../settings.ts';
import type { ACTIONS, instances as command } from './instances.ts';

type Args = Arguments<typeof command>;
type Action = (typeof ACTIONS)[number];

/** Input of an action: the platform's client, and the connection that was named. */
interface ActionInput {
  readonly context: Context;
  readonly args: Args;
  readonly client: Instances;
  readonly destination: Destination;
  readonly id: string;
}

export const run: Run<typeof command> = async (context, args) => {
  const action = args.action as Action;
  const { connection, user } = args;
  if (TO_ONE.has(action) && connection === undefined) {
    throw new ConnectorError('usage', {
      code: 'usage/missing',
      message: `${context.program} instances ${action} needs <connection>.`,
      hint: `For example: ${context.program} instances ${action} 1678 --user ${user}`,
    });
  }
  if (!TO_ONE.has(action) && connection !== undefined) {
    throw new ConnectorError('usage', {
      code: 'usage/arguments',
      message: `${JSON.stringify(connection)} is one argument too many for ${context.program} instances ${action}.`,
      hint: 'Leave it out.',
    });
  }
  const { platform, destination, client } = await openAs(context, 'instances', args);
  const result = await RUNS[action]({ context, args, client, destination, id: connection ?? '' });
  const about = { origin: destination.name, platform: platform.name, user };
  return { ...result, data: { ...about, ...(result.data as object) } };
};

/** Actions on a connection that is named. */
const TO_ONE: ReadonlySet<Action> = new Set(['update', 'disconnect', 'delete'] as const);

const RUNS: Readonly<Record<Action, (work: ActionInput) => Promise<Result>>> = {
  list: async ({ args, client, destination }) => {
    const found = await client.list(args.user, filterOf(args));
    const summary = `${plural(found.length, 'connection')} of ${args.user} on ${destination.name}.`;
    return {
      data: { instances: found },
      diagnostics: found.flatMap(troubles(args.user)),
      lines: table(found),
      summary,
    };
  },

  create: async ({ context, args, client, destination }) => {
    const { form, ...change } = await changeOf(context, args);
    const input = form === undefined ? change.input : await form.fill(context, change.input);
    const provider = change.provider ?? (form === undefined ? undefined : providerOf(destination, form));
    const instance = await client.create(args.user, {
      ...change,
      ...(provider === undefined ? {} : { provider }),
      ...(input === undefined ? {} : { input }),
    });
    const connect = `${context.program} ${updateOf(instance, args.user)}`;
    const next = instance.state === 'disconnected' ? [connect] : [];
    return { ...reported(instance, 'Created'), next };
  },

  update: async ({ context, args, client, id }) => {
    const { form, input, ...change } = await changeOf(context, args);
    const checked = input === undefined || form === undefined ? input : form.change(input);
    const given = checked === undefined ? change : { ...change, input: checked };
    return reported(await client.update(args.user, id, given), 'Updated');
  },

  disconnect: async (work) => {
    const { args, client, id } = work;
    if (!(await confirmed(work, 'Disconnect'))) return { summary: 'Nothing was changed.' };
    await client.disconnect(args.user, id, { force: args['allow-in-use'] });
    return { data: { id, status: 'disconnected' }, summary: `Disconnected ${id}.` };
  },

  delete: async (work) => {
    const { args, client, id } = work;
    if (!(await confirmed(work, 'Delete'))) return { summary: 'Nothing was changed.' };
    await client.delete(args.user, id);
    return { data: { id, status: 'deleted' }, summary: `Deleted ${id}.` };
  },
};

/** The connection's name where it was published. @throws ConnectorError usage `sync/not-pushed` */
function providerOf({ name, connections }: Destination, { connection }: Form): string {
  const provider = connections?.[connection];
  if (provider !== undefined) return provider;
  throw new ConnectorError('usage', {
    code: 'sync/not-pushed',
    message: `${connection} was never pushed to ${name}, so its name there is unknown.`,
    hint: 'Run `connector push` first, or pass --provider.',
  });
}

function updateOf({ id }: Instance, user: string): string {
  const named = /^[\w@.+-]+$/.test(user) ? user : JSON.stringify(user);
  return `instances update ${id} --user ${named} --input parameters.json`;
}

/** Returns the problems of a customer's connection, with advice. */
function troubles(user: string): (instance: Instance) => Diagnostic[] {
  return (instance) => {
    const { id, name, state, error, lost } = instance;
    const hint = `Give new credentials with \`connector ${updateOf(instance, user)}\`.`;
    if (state === 'failed') {
      const message = `${name} (${id}) is not connected: ${error ?? 'no reason was given'}.`;
      return [{ code: 'instances/not-authorized', severity: 'warning', message, hint }];
    }
    if (lost === null) return [];
    const message = `${name} (${id}) lost its authorization at ${lost.at}: ${lost.reason ?? 'no reason was given'}.`;
    return [{ code: 'instances/lost', severity: 'warning', message, hint }];
  };
}

/**
 * Shows a connection and asks; what was asked about is looked at once more after the answer. Nobody is asked about what
 * is on this machine.
 * @throws ConnectorError conflict `origin/changed`
 */
async function confirmed({ context, args, client, destination, id }: ActionInput, verb: string): Promise<boolean> {
  if (destination.local || args.yes) return true;
  const look = async () => (await client.list(args.user, { runtime: true })).find((each) => each.id === id);
  const seen = await look();
  for (const message of seen === undefined ? [] : table([seen])) context.report({ kind: 'note', message });
  const message = `${verb} ${id} of ${args.user} on ${destination.name} at ${destination.url}?`;
  if (!(await context.ask.confirm({ message, flag: '--yes' }))) return false;
  expectUnchanged(`The connection ${id}`, await look(), seen);
  return true;
}

function filterOf(args: Args): InstanceFilter {
  return { ...fieldsOf(args), runtime: args.runtime, tags: args.tags };
}

function fieldsOf({ provider, folder, parent, 'external-id': externalId }: Args) {
  return {
    ...(provider === undefined ? {} : { provider }),
    ...(folder === undefined ? {} : { folder }),
    ...(parent === undefined ? {} : { parent }),
    ...(externalId === undefined ? {} : { externalId }),
  };
}

async function changeOf(context: Context, args: Args): Promise<InstanceChange & { readonly form?: Form }> {
  const input = await parametersGiven(context, args.input);
  return {
    ...(args.form === undefined ? {} : { form: formOf(context, args.form) }),
    ...(args.name === undefined ? {} : { name: args.name }),
    ...fieldsOf(args),
    ...(input === undefined ? {} : { input }),
  };
}

function reported(instance: Instance, verb: string): Result {
  const { id, name, state, error } = instance;
  const failed: Result =
    state !== 'failed'
      ? {}
      : {
          diagnostics: [
            {
              code: 'instances/not-authorized',
              severity: 'error',
              message: `${name} (${id}) exists, but its credentials were not accepted: ${error ?? 'no reason was given'}.`,
              hint: 'Correct its parameters with `connector instances update`.',
            },
          ],
        };
  return { data: { instance }, lines: table([instance]), summary: `${verb} ${id}: ${state}.`, ...failed };
}

/** One line each, in columns. */
function table(instances: readonly Instance[]): string[] {
  const rows = instances.map(({ id, state, lost, provider, name, tags }) => [
    id,
    lost === null ? state : `${state}, lost`,
    provider ?? '-',
    name,
    ...(tags === undefined || tags.length === 0 ? [] : [tags.join(' ')]),
  ]);
  return columns(rows);
}
