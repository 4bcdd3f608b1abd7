import { createHash } from 'node:crypto';
import type { Operations } from '@connectorkit/sdk/platforms/workato';
import { type Behaviours, type Call, Refusal } from '../../emulator.ts';
import type { ReadTransaction, WriteTransaction } from '../../store/store.ts';
import {
  type Account,
  connectionAt,
  connectionKey,
  connectionsOf,
  customerAt,
  freshId,
  type Recipe,
  recipeKey,
  recipesOf,
  recipeTagsKey,
  type Tag,
  tagKey,
  workspaceOf,
} from './records.ts';

type TagBody = Operations['updateCustomerTag']['body'];
type Assignment = Operations['assignCustomerTags']['body'];

export const behaviours: Pick<
  Behaviours<Operations>,
  | 'listCustomerTags'
  | 'createCustomerTag'
  | 'updateCustomerTag'
  | 'deleteCustomerTag'
  | 'assignCustomerTags'
  | 'listWorkspaceTags'
  | 'createWorkspaceTag'
  | 'updateWorkspaceTag'
  | 'deleteWorkspaceTag'
  | 'assignWorkspaceTags'
> = {
  listCustomerTags: async (call, tx) => ({ body: await listed(await customerOf(call, tx), tx) }),
  createCustomerTag: async (call, tx) => ({ body: await add(await customerOf(call, tx), call.body, call.now, tx) }),
  updateCustomerTag: async (call, tx) => ({
    body: await change(await customerOf(call, tx), call.path.handle, call.body, call.now, tx),
  }),
  deleteCustomerTag: async (call, tx) => drop(await customerOf(call, tx), call.path.handle, tx),
  assignCustomerTags: async (call, tx) => assign(await customerOf(call, tx), call.body, tx),

  listWorkspaceTags: async (call, tx) => ({ body: await listed(await workspaceOf(call.principal, tx), tx) }),
  createWorkspaceTag: async (call, tx) => ({
    body: await add(await workspaceOf(call.principal, tx), call.body, call.now, tx),
  }),
  updateWorkspaceTag: async (call, tx) => ({
    body: await change(await workspaceOf(call.principal, tx), call.path.handle, call.body, call.now, tx),
  }),
  deleteWorkspaceTag: async (call, tx) => drop(await workspaceOf(call.principal, tx), call.path.handle, tx),
  assignWorkspaceTags: async (call, tx) => assign(await workspaceOf(call.principal, tx), call.body, tx),
};

type CustomersCall = Call & { readonly path: { readonly managed_user_id: string } };

function customerOf(
  { path, principal }: Pick<CustomersCall, 'path' | 'principal'>,
  tx: ReadTransaction,
): Promise<Account> {
  return customerAt(path, principal, tx);
}

async function listed(account: Account, tx: ReadTransaction) {
  const rows = await tx.list<Tag>(['workato', 'tags', account.key]);
  return { data: { tags: rows.map(({ value }) => value) } };
}

async function add(
  account: Account,
  written: TagBody & { title: string },
  now: Date,
  tx: WriteTransaction,
): Promise<Tag> {
  const at = now.toISOString();
  const tag: Tag = {
    handle: await freshHandle(tx),
    title: written.title,
    description: written.description ?? '',
    color: written.color ?? 'blue',
    created_at: at,
    updated_at: at,
  };
  await tx.set(tagKey(account, tag.handle), tag);
  return tag;
}

/** Like Workato's, `tag-`, eight characters, `-` and six; made from a counter, so that a harness is the same every time. */
async function freshHandle(tx: WriteTransaction): Promise<string> {
  const digest = createHash('sha256')
    .update(`tag ${await freshId('tags', tx)}`)
    .digest('hex');
  return `tag-${digest.slice(0, 8)}-${digest.slice(8, 14)}`;
}

async function change(
  account: Account,
  handle: string,
  written: TagBody,
  now: Date,
  tx: WriteTransaction,
): Promise<Tag> {
  const before = await tagAt(account, handle, tx);
  const { title = before.title, description = before.description, color = before.color } = written;
  const tag: Tag = { ...before, title, description, color, updated_at: now.toISOString() };
  await tx.set(tagKey(account, handle), tag);
  return tag;
}

async function tagAt(account: Account, handle: string, tx: ReadTransaction): Promise<Tag> {
  const tag = await tx.get<Tag>(tagKey(account, handle));
  if (tag === undefined) throw new Refusal('not-found', 'There is no such tag.');
  return tag;
}

/** Takes the tag off everything that has it. */
async function drop(account: Account, handle: string, tx: WriteTransaction) {
  await tagAt(account, handle, tx);
  await tx.delete(tagKey(account, handle));
  for (const each of await connectionsOf(account, tx)) {
    if (!each.tags?.includes(handle)) continue;
    await tx.set(connectionKey(account, each.id), { ...each, tags: each.tags.filter((one) => one !== handle) });
  }
  for (const { id } of await recipesOf(account, tx)) {
    const tags = (await tx.get<string[]>(recipeTagsKey(id))) ?? [];
    if (tags.includes(handle)) await tx.set(recipeTagsKey(id), retagged(tags, { remove_tags: [handle] }));
  }
  return { body: { success: true } };
}

/** Puts tags on and takes them off, or does nothing at all. Tagging does not change when a connection was updated. */
async function assign(account: Account, assignment: Assignment, tx: WriteTransaction) {
  const { add_tags = [], connection_ids = [], recipe_ids = [] } = assignment;
  for (const handle of add_tags) await tagAt(account, handle, tx);
  for (const id of connection_ids) {
    const connection = await connectionAt(account, String(id), tx);
    await tx.set(connectionKey(account, id), { ...connection, tags: retagged(connection.tags, assignment) });
  }
  for (const id of recipe_ids) {
    if (id < 0 || (await tx.get<Recipe>(recipeKey(account, id))) === undefined) {
      throw new Refusal('not-found', 'There is no such recipe.');
    }
    await tx.set(recipeTagsKey(id), retagged(await tx.get<string[]>(recipeTagsKey(id)), assignment));
  }
  return { status: 200, body: undefined };
}

/** Null as long as there never was a tag; an empty list when the last one was taken off. */
function retagged(
  before: readonly string[] | null | undefined,
  { add_tags = [], remove_tags = [] }: Pick<Assignment, 'add_tags' | 'remove_tags'>,
): readonly string[] | null {
  const tags = [...new Set([...(before ?? []), ...add_tags])].filter((each) => !remove_tags.includes(each));
  return before === null || before === undefined ? (tags.length === 0 ? null : tags) : tags;
}
