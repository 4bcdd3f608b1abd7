import type { Operations } from '@connectorkit/sdk/platforms/workato';
import { type Behaviours, Refusal } from '../../emulator.ts';
import { idIn } from '../../ids.ts';
import type { ReadTransaction, WriteTransaction } from '../../store/store.ts';
import { type Account, customerAt, type Folder, folderKey, freshId, paged } from './records.ts';

export const behaviours: Pick<Behaviours<Operations>, 'listFolders' | 'createFolder' | 'listProjects'> = {
  listFolders: async ({ path, query, principal }, tx) => {
    const account = await customerAt(path, principal, tx);
    const parent = query.parent_id === undefined ? account.home : Number(query.parent_id);
    const inside = (await foldersOf(account, tx)).filter(({ parent_id }) => parent_id === parent);
    return { body: { result: paged(inside, query, 100) } };
  },

  createFolder: async ({ path, body, principal, now }, tx) => {
    const account = await customerAt(path, principal, tx);
    const parent_id = idIn(body.parent_id ?? account.home);
    if (parent_id === undefined || (await tx.get(folderKey(account, parent_id))) === undefined) {
      throw new Refusal('invalid', 'There is no such folder.');
    }
    const at = now.toISOString();
    const id = await freshId('folders', tx);
    const folder: Folder = { id, name: body.name, parent_id, created_at: at, updated_at: at };
    await tx.set(folderKey(account, id), folder);
    return { body: folder };
  },

  // A project is the folder on the top; its own id is not the folder's on Workato, and is here.
  listProjects: async ({ path, query, principal }, tx) => {
    const account = await customerAt(path, principal, tx);
    const projects = (await foldersOf(account, tx)).filter(({ parent_id }) => parent_id === account.home);
    const shown = projects.map(({ id, name }) => ({ id, description: '', folder_id: id, name }));
    return { body: { result: paged(shown, query, 100) } };
  },
};

async function foldersOf(account: Account, tx: ReadTransaction): Promise<Folder[]> {
  return (await tx.list<Folder>(['workato', 'folders', account.key])).map(({ value }) => value);
}

/** Puts an account's home folder in place, whose id it has already. */
export async function addHome(account: Account, at: string, tx: WriteTransaction): Promise<void> {
  const folder: Folder = { id: account.home, name: 'Home', parent_id: null, created_at: at, updated_at: at };
  await tx.set(folderKey(account, account.home), folder);
}
