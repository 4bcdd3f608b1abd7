import type { Operations } from '@connectorkit/sdk/platforms/workato';
import { type Behaviours, type Call, Refusal } from '../../emulator.ts';
import { idIn } from '../../ids.ts';
import type { ReadTransaction, WriteTransaction } from '../../store/store.ts';
import {
  type Account,
  connectionAt,
  customerAt,
  folderKey,
  freshId,
  paged,
  type Recipe,
  recipeKey,
  recipesOf,
} from './records.ts';

type RecipeBody = Operations['createRecipe']['body']['recipe'];
type Applications = Recipe['config'];

export const behaviours: Pick<
  Behaviours<Operations>,
  'listRecipes' | 'createRecipe' | 'startRecipe' | 'stopRecipe' | 'connectRecipe'
> = {
  listRecipes: async ({ path, query, principal }, tx) => {
    const account = await customerAt(path, principal, tx);
    // `active` is the sample's word, `running` the table's.
    const running = query.running ?? query.active;
    const found = (await recipesOf(account, tx)).filter(
      (each) =>
        (running === undefined || each.running === (running === 'true')) &&
        (query.folder_id === undefined || each.folder_id === Number(query.folder_id)) &&
        (query.since_id === undefined || each.id < Number(query.since_id)),
    );
    return { body: { result: paged(found.reverse(), query, 10) } };
  },

  createRecipe: async ({ path, body, principal, now }, tx) => {
    const account = await customerAt(path, principal, tx);
    const { name = 'Untitled recipe', folder_id = account.home, config } = body.recipe;
    const folder = idIn(folder_id);
    if (folder === undefined || (await tx.get(folderKey(account, folder))) === undefined) {
      throw new Refusal('invalid', 'There is no such folder.');
    }
    const at = now.toISOString();
    const recipe: Recipe = {
      id: await freshId('recipes', tx),
      name,
      folder_id: folder,
      running: false,
      config: await applicationsIn(account, config, tx),
      created_at: at,
      updated_at: at,
      last_run_at: null,
      stopped_at: null,
    };
    await tx.set(recipeKey(account, recipe.id), recipe);
    return { body: { success: true, id: recipe.id } };
  },

  // Whether its connections are connected is not looked at: the reference names no such rule.
  startRecipe: (call, tx) => run(call, true, tx),
  stopRecipe: (call, tx) => run(call, false, tx),

  connectRecipe: async ({ path, body, principal, now }, tx) => {
    const account = await customerAt(path, principal, tx);
    const recipe = await recipeAt(account, path.recipe_id, tx);
    if (recipe.running) throw new Refusal('invalid', 'The recipe is running.');
    const { adapter_name: provider, connection_id } = body;
    const account_id = await connectionFor(account, connection_id, provider, tx);
    const others = recipe.config.filter((each) => each.provider !== provider);
    const config = [...others, { keyword: 'application', name: provider, provider, account_id }];
    await tx.set(recipeKey(account, recipe.id), { ...recipe, config, updated_at: now.toISOString() });
    return { body: { success: true } };
  },
};

async function run({ path, principal, now }: Call<Operations['startRecipe']>, running: boolean, tx: WriteTransaction) {
  const account = await customerAt(path, principal, tx);
  const recipe = await recipeAt(account, path.recipe_id, tx);
  if (recipe.running !== running) {
    const at = now.toISOString();
    const stopped_at = running ? recipe.stopped_at : at;
    await tx.set(recipeKey(account, recipe.id), { ...recipe, running, stopped_at, updated_at: at });
  }
  return { body: { success: true } };
}

async function recipeAt(account: Account, written: string, tx: ReadTransaction): Promise<Recipe> {
  const id = idIn(written);
  const recipe = id === undefined ? undefined : await tx.get<Recipe>(recipeKey(account, id));
  if (recipe === undefined) throw new Refusal('not-found', 'There is no such recipe.');
  return recipe;
}

/** The applications of a recipe, which clients send as a list or as its text. @throws Refusal invalid */
async function applicationsIn(
  account: Account,
  config: RecipeBody['config'],
  tx: ReadTransaction,
): Promise<Applications> {
  const applications: Applications = [];
  for (const each of listed(config)) {
    const { provider } = each;
    if (typeof provider !== 'string') throw new Refusal('invalid', 'An application of a recipe has no provider.');
    const account_id =
      each.account_id === undefined || each.account_id === null
        ? null
        : await connectionFor(account, each.account_id as string | number, provider, tx);
    const keyword = typeof each.keyword === 'string' ? each.keyword : 'application';
    applications.push({ keyword, name: typeof each.name === 'string' ? each.name : provider, provider, account_id });
  }
  return applications;
}

function listed(config: RecipeBody['config']): readonly Record<string, unknown>[] {
  if (typeof config !== 'string') return config ?? [];
  try {
    const value: unknown = JSON.parse(config);
    if (Array.isArray(value) && value.every((each) => typeof each === 'object' && each !== null)) return value;
  } catch {
    // Told below, like any other text that is no list.
  }
  throw new Refusal('invalid', 'The config of a recipe must be a list.');
}

async function connectionFor(
  account: Account,
  written: string | number,
  provider: string,
  tx: ReadTransaction,
): Promise<number> {
  const id = idIn(written);
  const connection = id === undefined ? undefined : await connectionAt(account, String(id), tx);
  if (connection === undefined || connection.provider !== provider) {
    throw new Refusal('invalid', 'A recipe needs a connection of its application.');
  }
  return connection.id;
}
