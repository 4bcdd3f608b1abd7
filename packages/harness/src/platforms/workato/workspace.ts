import type { Operations } from '@connectorkit/sdk/platforms/workato';
import type { Behaviours } from '../../emulator.ts';
import { create, disconnect, remove, update } from './changes.ts';
import { connectionsFound, isForced, wantsTags } from './connections.ts';
import { BEGINNING } from './credentials.ts';
import { type Connection, connectionAt, recipesOf, type Workspace, workspaceKey, workspaceOf } from './records.ts';

type Twin = Operations['createWorkspaceConnection']['answer'];

/** The workspace's own connections: the same life, in the Developer API's shape. */
export const behaviours: Pick<
  Behaviours<Operations>,
  | 'getWorkspace'
  | 'listWorkspaceConnections'
  | 'createWorkspaceConnection'
  | 'updateWorkspaceConnection'
  | 'disconnectWorkspaceConnection'
  | 'deleteWorkspaceConnection'
> = {
  getWorkspace: async ({ principal, now }, tx) => {
    const { key, home } = await workspaceOf(principal, tx);
    const recipes = await recipesOf({ key, home }, tx);
    const { details } = (await tx.get<Workspace>(workspaceKey(principal.id))) ?? {};
    return {
      body: {
        id: principal.id,
        name: `Workspace ${principal.id}`,
        created_at: BEGINNING,
        plan_id: 'oem_plan',
        current_billing_period_start: monthOf(now, 0),
        current_billing_period_end: monthOf(now, 1),
        company_name: null,
        location: null,
        email: 'author@example.com',
        ...details,
        recipes_count: recipes.length,
        active_recipes_count: recipes.filter(({ running }) => running).length,
        root_folder_id: home,
      },
    };
  },

  listWorkspaceConnections: async ({ query, principal }, tx) => {
    const found = await connectionsFound(await workspaceOf(principal, tx), query, tx);
    const shown = (each: Connection) => (wantsTags(query) ? { tags: each.tags === null ? null : [...each.tags] } : {});
    return { body: found.map((each) => ({ ...twin(each), ...shown(each) })) };
  },

  createWorkspaceConnection: async (call, tx) => {
    const account = await workspaceOf(call.principal, tx);
    return { body: twin(await create(account, call.body, call, tx)) };
  },

  updateWorkspaceConnection: async (call, tx) => {
    const account = await workspaceOf(call.principal, tx);
    const connection = await connectionAt(account, call.path.connection_id, tx);
    return { body: twin(await update(account, connection, call.body, call, tx)) };
  },

  disconnectWorkspaceConnection: async (call, tx) => {
    const account = await workspaceOf(call.principal, tx);
    const connection = await connectionAt(account, call.path.connection_id, tx);
    await disconnect(account, connection, isForced(call.query), call, tx);
    return { body: { result: { success: true, status: 'disconnected' } } };
  },

  deleteWorkspaceConnection: async ({ path, principal }, tx) => {
    const account = await workspaceOf(principal, tx);
    await remove(account, await connectionAt(account, path.connection_id, tx), tx);
    return { body: { result: { success: true, status: 'deleted' } } };
  },
};

/** When the month begins that a moment is in, or one after it. */
function monthOf(moment: Date, after: number): string {
  return new Date(Date.UTC(moment.getUTCFullYear(), moment.getUTCMonth() + after)).toISOString();
}

function twin({ identity: _, tags: __, runtime: ___, ...fields }: Connection): Twin {
  return { application: fields.provider, ...fields };
}
