import { ConnectorError } from '@connectorkit/sdk/emulator';
import type { Express } from 'express';
import { notThere, type OperatorSurroundings, performed } from '../access/api.ts';
import { Refusal } from '../emulator.ts';
import type { CustomerConnection, Customers } from './customers.ts';

const BASE = '/__harness/platforms/:platform/customers';
const ACTION = `${BASE}/:customer/connections/:connection/:action`;

/** Characters of the reason for which a connection is lost. */
const LONGEST_REASON = 500;

/** Adds customers and their connections. All of it wants the control token. */
export function customerRoutes(
  own: Express,
  { store, platform, askAs, now }: OperatorSurroundings & { readonly now: () => Promise<Date> },
): void {
  const customersOf = async (name: string): Promise<Customers> => {
    const customers = await (await platform(name)).customers?.();
    if (customers === undefined) throw notThere(`${name} has no customers.`, 'Choose workato.');
    return customers;
  };
  const connectionsOf = async (customers: Customers, id: string): Promise<readonly CustomerConnection[]> => {
    const connections = await store.read((tx) => customers.connections(id, tx));
    if (connections === undefined) throw notThere(`There is no customer ${id}.`, 'List the customers again.');
    return connections;
  };
  own.get(BASE, async ({ params }, response) => {
    const customers = await customersOf(params.platform);
    response.json({ customers: await store.read((tx) => customers.list(tx)) });
  });
  own.get(`${BASE}/:customer/connections`, async ({ params }, response) => {
    const customers = await customersOf(params.platform);
    response.json({ connections: await connectionsOf(customers, params.customer) });
  });
  own.post(ACTION, async ({ params, body }, response) => {
    const { platform: name, customer, connection: id, action } = params;
    const customers = await customersOf(name);
    const connection = (await connectionsOf(customers, customer)).find((each) => each.id === id);
    if (connection === undefined) throw notThere(`There is no connection ${id}.`, 'List the connections again.');
    if (!connection.actions.includes(action)) throw notNow(connection, action);
    const request = customers.request(customer, id, action);
    if (request !== undefined) performed(await askAs(name, undefined, request), `${action} ${id}`);
    else await lost(customers, params, reasonIn(body));
    const after = await connectionsOf(customers, customer);
    response.json({ connection: after.find((each) => each.id === id) ?? null });
  });
  const lost = async (
    customers: Customers,
    { customer, connection }: { readonly customer: string; readonly connection: string },
    reason: string,
  ) => {
    const at = await now();
    try {
      await store.write((tx) => customers.lose(customer, connection, reason, at, tx));
    } catch (error) {
      // It changed since it was looked at.
      throw error instanceof Refusal ? notThere(error.message, 'List the connections again.') : error;
    }
  };
}

function reasonIn(body: unknown): string {
  const { reason } = (body ?? {}) as { readonly reason?: unknown };
  return typeof reason === 'string' && reason !== '' ? reason.slice(0, LONGEST_REASON) : 'authorization_revoked';
}

function notNow({ id, state, actions }: CustomerConnection, action: string): ConnectorError {
  return new ConnectorError('refused', {
    code: 'harness/action',
    message: `${action} is not possible for the connection ${id}, which is ${state}.`,
    hint: actions.length === 0 ? 'There are no actions on it now.' : `Possible actions: ${actions.join(', ')}.`,
    found: action,
  });
}
