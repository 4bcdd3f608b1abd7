import type { Operations } from '@connectorkit/sdk/platforms/workato';
import { type Behaviours, Refusal } from '../../emulator.ts';
import type { WriteTransaction } from '../../store/store.ts';
import { addHome } from './folders.ts';
import {
  accountOf,
  externalKey,
  freshId,
  type ManagedUser,
  managedUserAt,
  memberKey,
  paged,
  userKey,
} from './records.ts';

type Answered = Operations['getManagedUser']['answer'];

export const behaviours: Pick<
  Behaviours<Operations>,
  'listManagedUsers' | 'createManagedUser' | 'getManagedUser' | 'updateManagedUser'
> = {
  listManagedUsers: async ({ query, principal }, tx) => {
    const members = await tx.list<number>(['workato', 'members', principal.id]);
    const users = await Promise.all(members.map(({ value }) => tx.get<ManagedUser>(userKey(value))));
    const answered = users.filter((each) => each !== undefined).map(answeredOf);
    return { body: { result: paged(answered, query, 100) } };
  },

  createManagedUser: async ({ body, principal, now }, tx) => {
    const id = await freshId('users', tx);
    const at = now.toISOString();
    const user: ManagedUser = {
      id,
      external_id: null,
      plan_id: null,
      origin_url: null,
      in_trial: false,
      time_zone: 'UTC',
      ...body,
      created_at: at,
      updated_at: at,
      workspace: principal.id,
      home: await freshId('folders', tx),
    };
    await addHome(accountOf(user), at, tx);
    await keep(user, null, tx);
    return { body: answeredOf(user) };
  },

  getManagedUser: async ({ path, principal }, tx) => ({
    body: answeredOf(await managedUserAt(path.managed_user_id, principal, tx)),
  }),

  updateManagedUser: async ({ path, body, principal, now }, tx) => {
    const before = await managedUserAt(path.managed_user_id, principal, tx);
    const user: ManagedUser = { ...before, ...body, updated_at: now.toISOString() };
    await keep(user, before.external_id, tx);
    return { body: answeredOf(user) };
  },
};

/** @throws Refusal invalid, when another customer of the workspace has the external id */
export async function keep(user: ManagedUser, externalBefore: string | null, tx: WriteTransaction): Promise<void> {
  const { id, workspace, external_id } = user;
  if (external_id !== externalBefore) {
    if (externalBefore !== null) await tx.delete(externalKey(workspace, externalBefore));
    if (external_id !== null) {
      const key = externalKey(workspace, external_id);
      const fault = 'has already been taken';
      if ((await tx.get(key)) !== undefined) {
        throw new Refusal('invalid', `external_id ${fault}`, { fields: { external_id: [fault] } });
      }
      await tx.set(key, id);
    }
  }
  await tx.set(memberKey(workspace, id), id);
  await tx.set(userKey(id), user);
}

/** The fields that are answered: a body may have held others. */
function answeredOf(user: ManagedUser): Answered {
  const { id, external_id, name, notification_email, plan_id, origin_url, in_trial, time_zone } = user;
  const { created_at, updated_at } = user;
  return {
    id,
    external_id,
    name,
    notification_email,
    plan_id,
    origin_url,
    in_trial,
    time_zone,
    created_at,
    updated_at,
  };
}
