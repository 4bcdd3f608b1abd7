import { ConnectorError } from '@connectorkit/sdk/emulator';
import type { Express } from 'express';
import type { AskAs } from '../as-role.ts';
import type { Emulator } from '../emulator.ts';
import type { Store } from '../store/store.ts';
import type { AccessQueue, ActionDetails, ContractFile, OfferedAction } from './queue.ts';

const BASE = '/__harness/platforms/:platform/access';

/** Parts of a harness that look after what its platforms keep for others. */
export interface OperatorSurroundings {
  readonly store: Store;
  /** @throws ConnectorError usage for a platform that is not there */
  readonly platform: (name: string) => Promise<Emulator>;
  readonly askAs: AskAs;
}

/** Adds the queues of contracts, and the actions on them in a role. All of it wants the control token. */
export function accessRoutes(own: Express, { store, platform, askAs }: OperatorSurroundings): void {
  const queueOf = async (name: string, given: unknown): Promise<{ queue: AccessQueue; role: string }> => {
    const queue = await (await platform(name)).access?.();
    if (queue === undefined) throw notThere(`${name} has no access requests.`, 'Choose akana or anypoint.');
    const names = queue.roles.map((each) => each.name);
    const role = given ?? names[0] ?? '';
    if (typeof role === 'string' && names.includes(role)) return { queue, role };
    throw new ConnectorError('usage', {
      code: 'usage/arguments',
      message: `${JSON.stringify(role)} is not a role on ${name}.`,
      hint: `Choose one of ${names.join(', ')}.`,
    });
  };
  const shown = async (queue: AccessQueue, id: string, role: string): Promise<ContractFile> => {
    const contract = await store.read((tx) => queue.show(id, role, tx));
    if (contract === undefined) throw notThere(`There is no contract ${id}.`, 'List the contracts again.');
    return contract;
  };
  own.get(BASE, async ({ params, query }, response) => {
    const { queue, role } = await queueOf(params.platform, query.role);
    const contracts = await store.read((tx) => queue.list(role, tx));
    response.json({ roles: queue.roles, role, contracts });
  });
  own.get(`${BASE}/:contract`, async ({ params, query }, response) => {
    const { queue, role } = await queueOf(params.platform, query.role);
    response.json({ contract: await shown(queue, params.contract, role) });
  });
  own.post(`${BASE}/:contract/:action`, async ({ params, body }, response) => {
    const given = (body ?? {}) as Readonly<Record<string, unknown>>;
    const { queue, role } = await queueOf(params.platform, given.role);
    const { contract: id, action: name } = params;
    const contract = await shown(queue, id, role);
    const details = detailsIn(given, offeredOf(contract, name, role));
    const request = await store.read((tx) => queue.request(id, name, details, tx));
    performed(await askAs(params.platform, role, request), `${name} ${id}`);
    response.json({ contract: (await store.read((tx) => queue.show(id, role, tx))) ?? null });
  });
}

/** @throws ConnectorError refused `harness/action` for what the role may not do now */
function offeredOf({ id, state, actions }: ContractFile, name: string, role: string): OfferedAction {
  const found = actions.find((each) => each.name === name);
  if (found !== undefined) return found;
  const names = actions.map((each) => each.name);
  throw new ConnectorError('refused', {
    code: 'harness/action',
    message: `${role} cannot ${name} the contract ${id}, which is ${state}.`,
    hint: names.length === 0 ? 'This role has no actions on it now.' : `Possible actions: ${names.join(', ')}.`,
    found: name,
  });
}

/** @throws ConnectorError usage `usage/arguments` */
function detailsIn(given: Readonly<Record<string, unknown>>, { name, takes, needs }: OfferedAction): ActionDetails {
  const details: Record<string, string> = {};
  for (const field of takes) {
    const value = given[field];
    if (typeof value === 'string' && value !== '') details[field] = value;
    else if (needs.includes(field)) {
      const hint = 'The contract lists its tiers with their ids.';
      throw new ConnectorError('usage', { code: 'usage/arguments', message: `${name} needs a ${field}.`, hint });
    }
  }
  return details;
}

/** @throws ConnectorError refused `harness/action` when the platform did not do what it was asked for */
export function performed({ status, body }: Awaited<ReturnType<AskAs>>, what: string): void {
  if (status >= 200 && status < 300) return;
  const words = status === 0 ? 'the connection was cut' : `status ${status}`;
  const said = body === '' ? '' : `: ${body.slice(0, 500)}`;
  throw new ConnectorError('refused', {
    code: 'harness/action',
    message: `The platform did not ${what}; it answered with ${words}${said}`,
    hint: 'The journal has the request and the answer. Check whether a fault is injected.',
  });
}

export function notThere(message: string, hint: string): ConnectorError {
  return new ConnectorError('usage', { code: 'harness/not-found', message, hint });
}
