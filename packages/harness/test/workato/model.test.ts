import fc from 'fast-check';
import { expect, test } from 'vitest';
import { emulate } from '../../src/emulate.ts';
import { workato } from '../../src/platforms/workato/index.ts';
import { openStore } from '../../src/store/index.ts';
import type { Answered } from './customer.ts';

/**
 * The life of connections, written out a second time: random actions are done to the harness and to this model, which
 * knows nothing of the emulator's tables. After each of them both tell the same.
 */

interface Modelled {
  readonly id: number;
  name: string;
  provider: string | null;
  authorized_at: string | null;
  authorization_status: 'success' | 'failed' | 'exception' | null;
  external_id: string | null;
  folder_id: number;
  parent_id: number | null;
  created_at: string;
  updated_at: string;
  tags: string[] | null;
  /** Never told. */
  input: Record<string, string>;
}

interface Recipe {
  readonly id: number;
  running: boolean;
  /** By provider the connection that it uses. */
  readonly accounts: Map<string, number>;
}

const GOOD = { api_token_auth: 'true', host_name: 'h', email: 'e', apitoken: 't' };
const INPUTS: Readonly<Record<string, Record<string, string>>> = {
  good: GOOD,
  bad: { ...GOOD, apitoken: 'invalid' },
  broken: { ...GOOD, apitoken: 'exception' },
  host: { host_name: 'other' },
  token: { apitoken: 'another' },
  empty: {},
};

/** What would be refused is rarer than what would not, and the same few connections are met again and again. */
const often = <T>(likely: readonly T[], rare: readonly T[]) =>
  fc.oneof({ weight: 8, arbitrary: fc.constantFrom(...likely) }, { weight: 1, arbitrary: fc.constantFrom(...rare) });
const pick = fc.oneof({ weight: 3, arbitrary: fc.nat(2) }, { weight: 1, arbitrary: fc.nat(20) });
const changes = fc.record(
  {
    name: often(['a', 'b'], ['']),
    provider: often(['jira', 'jira', 'outreach'], ['nothing']),
    parent: fc.oneof(
      { weight: 2, arbitrary: pick },
      { weight: 1, arbitrary: fc.constantFrom('none' as const, 'unknown' as const) },
    ),
    folder: often(['home', 'project'], ['unknown']),
    external_id: fc.constantFrom('U1', 'U2', null),
    input: often(['good', 'good', 'host', 'token', 'empty'], ['bad', 'broken']),
  },
  { requiredKeys: [] },
);
type Changes = typeof changes extends fc.Arbitrary<infer T> ? T : never;

const action = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant('create' as const), changes }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('update' as const), at: pick, changes }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('disconnect' as const), at: pick, force: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('delete' as const), at: pick }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('recipe' as const), at: pick }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('run' as const), at: pick, running: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('rewire' as const), at: pick, to: pick }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('tag' as const), at: pick, add: fc.boolean() }) },
);
type Action = typeof action extends fc.Arbitrary<infer T> ? T : never;

/** One customer, as it should be. Every method gives the status that the harness has to answer. */
class Model {
  readonly connections = new Map<number, Modelled>();
  readonly recipes = new Map<number, Recipe>();
  /** Every id that was ever given, in the order of giving; those that are gone are asked for as well. */
  readonly ids: number[] = [];
  readonly folders: Readonly<Record<string, number>>;
  now = '';

  constructor(folders: Readonly<Record<string, number>>) {
    this.folders = folders;
  }

  /** The connection after the changes, or undefined when they are refused. */
  changed(before: Modelled, wanted: Changes, isNew: boolean): Modelled | undefined {
    const after = { ...before, input: { ...before.input }, updated_at: this.now };
    if (wanted.name === '') return undefined;
    if (wanted.name !== undefined) after.name = wanted.name;
    if (wanted.provider !== undefined && wanted.provider !== before.provider) {
      if (before.provider !== null || wanted.provider === 'nothing') return undefined;
      after.provider = wanted.provider;
    }
    if (wanted.input !== undefined && after.provider === null) return undefined;
    if (wanted.folder === 'unknown') return undefined;
    if (wanted.folder !== undefined) after.folder_id = this.folders[wanted.folder] ?? 0;
    if (wanted.external_id !== undefined) after.external_id = wanted.external_id;
    if (wanted.parent === 'none') after.parent_id = null;
    else if (wanted.parent !== undefined) {
      const parent = this.connections.get(this.idAt(wanted.parent));
      if (parent === undefined || parent.provider === null || parent.provider !== after.provider) return undefined;
      for (let up: Modelled | undefined = parent; up; up = this.connections.get(up.parent_id ?? 0)) {
        if (!isNew && up.id === before.id) return undefined;
      }
      after.parent_id = parent.id;
    }
    if (wanted.input !== undefined) this.authorize(after, INPUTS[wanted.input] ?? {});
    return after;
  }

  /** Only Jira with a token can be authorized by parameters; Outreach wants consent. */
  authorize(connection: Modelled, input: Record<string, string>): void {
    Object.assign(connection.input, input);
    const { api_token_auth, host_name, email, apitoken = '' } = connection.input;
    if (connection.provider !== 'jira' || api_token_auth !== 'true') return;
    const complete = host_name !== undefined && email !== undefined && apitoken !== '';
    if (!complete || apitoken === 'invalid') connection.authorization_status = 'failed';
    else if (apitoken === 'exception') connection.authorization_status = 'exception';
    else connection.authorization_status = 'success';
    connection.authorized_at = connection.authorization_status === 'success' ? this.now : null;
  }

  inUse(id: number): boolean {
    return [...this.recipes.values()].some(({ running, accounts }) => running && [...accounts.values()].includes(id));
  }

  disconnect(id: number, force: boolean): number {
    const connection = this.connections.get(id);
    if (connection === undefined) return 404;
    if (connection.authorization_status !== 'success') return 200;
    if (this.inUse(id) && !force) return 400;
    connection.authorization_status = null;
    connection.authorized_at = null;
    connection.updated_at = this.now;
    delete connection.input.apitoken;
    return 200;
  }

  delete(id: number): number {
    if (!this.connections.has(id)) return 404;
    if (this.inUse(id)) return 400;
    this.connections.delete(id);
    for (const each of this.connections.values()) if (each.parent_id === id) each.parent_id = null;
    return 200;
  }

  idAt(at: number | 'unknown'): number {
    return at === 'unknown' ? 999_999_999 : (this.ids[at % Math.max(1, this.ids.length)] ?? 999_999_999);
  }

  listed(): object[] {
    const all = [...this.connections.values()].sort((a, b) => a.id - b.id);
    return all.map(({ input: _, ...told }) => told);
  }
}

type Send = (method: string, path: string, body?: object) => Promise<Pick<Answered, 'status' | 'body'>>;

/** The emulation behind the harness's server: thirty thousand requests are too many to go over a socket. */
async function emulated(now: () => Date): Promise<{ ask: Send; close: () => Promise<void> }> {
  const store = await openStore('memory');
  const emulator = workato;
  await store.write((tx) => emulator.admit(tx, 'token'));
  const onFault = (fault: unknown) => {
    throw fault;
  };
  const { answer } = emulate([emulator], { store, now, checkAnswers: true, onFault });
  const headers = { authorization: 'Bearer token', 'content-type': 'application/json' };
  const ask: Send = async (method, url, body) => {
    const bytes = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
    const { status, body: text } = await answer({ method, url, headers, body: bytes });
    return { status, body: text === '' ? '' : JSON.parse(text) };
  };
  return { ask, close: () => store.close() };
}

/** How the harness is asked, and what it must answer. */
async function perform(step: Action, model: Model, user: number, tag: string, ask: Send): Promise<void> {
  const send: SendStep = async (status, method, path, body, version = '') => {
    const answer = await ask(method, `/api${version}/managed_users/${user}${path}`, body);
    expect([step, answer.status, answer.body]).toEqual([step, status, answer.body]);
    return answer.body;
  };
  const payload = ({ parent, folder, input, ...same }: Changes) => ({
    ...same,
    ...(parent === undefined ? {} : { parent_id: parent === 'none' ? null : model.idAt(parent) }),
    ...(folder === undefined ? {} : { folder_id: model.folders[folder] }),
    ...(input === undefined ? {} : { input: INPUTS[input] }),
  });
  if (step.do === 'create') {
    const times = { created_at: model.now, updated_at: model.now };
    const none = { authorized_at: null, authorization_status: null, external_id: null, parent_id: null, tags: null };
    const blank = { id: 0, name: '', provider: null, folder_id: model.folders.home ?? 0, input: {}, ...none, ...times };
    const made = model.changed(blank, step.changes, true);
    const body = await send(made === undefined ? 400 : 200, 'POST', '/connections', payload(step.changes));
    if (made === undefined) return;
    expect(model.ids).not.toContain(body.id);
    model.ids.push(body.id);
    model.connections.set(body.id, { ...made, id: body.id, name: step.changes.name ?? body.name });
    return;
  }
  if (step.do === 'update') {
    const before = model.connections.get(model.idAt(step.at));
    const after = before && model.changed(before, step.changes, false);
    const status = before === undefined ? 404 : after === undefined ? 400 : 200;
    await send(status, 'PUT', `/connections/${model.idAt(step.at)}`, payload(step.changes));
    if (after !== undefined) model.connections.set(after.id, after);
    return;
  }
  await performOther(step, model, tag, send);
}

type Other = Exclude<Action, { do: 'create' | 'update' }>;
type SendStep = (
  status: number,
  method: string,
  path: string,
  body?: object,
  version?: string,
) => Promise<{ id: number; name: string }>;

async function performOther(step: Other, model: Model, tag: string, send: SendStep): Promise<void> {
  const id = model.idAt(step.at);
  const connection = model.connections.get(id);
  const recipe = [...model.recipes.values()][step.at % Math.max(1, model.recipes.size)];
  if (step.do === 'disconnect') {
    const query = step.force ? '?force=true' : '';
    await send(model.disconnect(id, step.force), 'POST', `/connections/${id}/disconnect${query}`);
  } else if (step.do === 'delete') await send(model.delete(id), 'DELETE', `/connections/${id}`);
  else if (step.do === 'recipe') {
    const provider = connection?.provider ?? 'jira';
    const status = connection === undefined ? 404 : connection.provider === null ? 400 : 200;
    const body = await send(status, 'POST', '/recipes', { recipe: { config: [{ provider, account_id: id }] } });
    if (status === 200)
      model.recipes.set(body.id, { id: body.id, running: false, accounts: new Map([[provider, id]]) });
  } else if (step.do === 'run') {
    const verb = step.running ? 'start' : 'stop';
    await send(recipe === undefined ? 404 : 200, 'PUT', `/recipes/${recipe?.id ?? 'x'}/${verb}`);
    if (recipe !== undefined) recipe.running = step.running;
  } else if (step.do === 'rewire') {
    const to = model.connections.get(model.idAt(step.to));
    const body = { adapter_name: to?.provider ?? 'jira', connection_id: model.idAt(step.to) };
    const fits = to === undefined ? 404 : to.provider === null ? 400 : 200;
    const status = recipe === undefined ? 404 : recipe.running ? 400 : fits;
    await send(status, 'PUT', `/recipes/${recipe?.id ?? 'x'}/connect`, body);
    if (status === 200) recipe?.accounts.set(body.adapter_name, body.connection_id);
  } else {
    const body = { [step.add ? 'add_tags' : 'remove_tags']: [tag], connection_ids: [id] };
    await send(connection === undefined ? 404 : 200, 'POST', '/tags_assignments', body, '/v2');
    if (connection === undefined) return;
    if (step.add) connection.tags = [tag];
    else if (connection.tags !== null) connection.tags = [];
  }
}

test('random lives: fifty actions, many times, against a model', { timeout: 280_000 }, async () => {
  let clock = Date.UTC(2026, 0, 1);
  const { ask, close } = await emulated(() => new Date(clock));
  const tick = () => {
    clock += 1000;
    return new Date(clock).toISOString();
  };
  const lives = fc.asyncProperty(fc.array(action, { minLength: 50, maxLength: 50 }), async (steps) => {
    const made = await ask('POST', '/api/managed_users', { name: 'C', notification_email: 'c@acme.example' });
    const user: number = made.body.id;
    const { body: project } = await ask('POST', `/api/managed_users/${user}/folders`, { name: 'Project' });
    const { body: tag } = await ask('POST', `/api/v2/managed_users/${user}/tags`, { title: 'Tag' });
    const model = new Model({ home: project.parent_id, project: project.id, unknown: 999_999_999 });
    for (const step of steps) {
      model.now = tick();
      await perform(step, model, user, tag.handle, ask);
      // toMatchObject wants arrays of the same length.
      const { body } = await ask('GET', `/api/managed_users/${user}/connections?includes[]=tags`);
      expect(body.result).toMatchObject(model.listed());
    }
  });
  await fc.assert(lives, { numRuns: process.env.CONNECTOR_TEST_STORE === undefined ? 300 : 60 });
  await close();
});
