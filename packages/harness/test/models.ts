import { API_VERSION, APP_VERSION, at } from './akana/tenant.ts';
import { APPLICATIONS, MANAGER } from './anypoint/exchange.ts';
import { type Answered, ask, MAKE, nameAt, type Place, putSection, section } from './asking.ts';
import { isLinearizable, type Model, type Operation } from './linearizable.ts';
import type { Random } from './requests.ts';

/** A thing of a platform that several clients work on, and what it does when it is asked by one alone. */
interface Life<Asked, State> {
  readonly platform: 'make' | 'workato' | 'anypoint' | 'akana';
  readonly seed: object;
  readonly model: Model<Asked, State>;
  /** One thing to ask. @param given what the answers to all clients have named so far */
  draw(random: Random, given: readonly string[]): Asked;
  /** Asks for it; gives what the model tells of the answer. */
  perform(place: Place, asked: Asked): Promise<object>;
}

/** How many clients ask how often. */
interface Sizes {
  readonly clients: number;
  readonly steps: number;
}

/** A model, and its platform asked by random clients. */
function life<Asked, State>(one: Life<Asked, State>) {
  return {
    ...one,
    /** Operations of several clients, each of which goes from place to place. */
    history: async (places: readonly Place[], random: Random, { clients, steps }: Sizes) => {
      const history: Operation<Asked>[] = [];
      const given: string[] = [];
      const client = async () => {
        for (let step = 0; step < steps; step++) {
          const place = drawn(random, places);
          const asked = one.draw(random, given);
          const begun = performance.now();
          const answered = await one.perform(place, asked);
          history.push({ asked, answered, begun, ended: performance.now() });
          if ('id' in answered) given.push(String(answered.id));
        }
      };
      await Promise.all(Array.from({ length: clients }, client));
      return history;
    },
    holds: (history: readonly Operation<Asked>[]) => isLinearizable(history, one.model),
  };
}

const drawn = <Item>(random: Random, items: readonly Item[]): Item =>
  items[Math.floor(random() * items.length)] as Item;
const status = (answer: Answered | undefined) => answer?.status ?? 0;
const same = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);

type MakeAsked =
  | { readonly do: 'create' }
  | { readonly do: 'list' }
  | { readonly do: 'delete'; readonly name: string }
  | { readonly do: 'get'; readonly name: string }
  | { readonly do: 'put'; readonly name: string; readonly text: string };

/** Connections of an app by their number; the text of a section is null as long as it is the template's. */
type MakeState = Readonly<Record<number, string | null>>;

const CONNECTIONS = '/api/v2/sdk/apps/shop/connections';
const WRITTEN = '{ "value":';

export const make = life<MakeAsked, MakeState>({
  platform: 'make',
  seed: { app: 'shop' },
  model: {
    initial: {},
    after: (state, { asked, answered }) => {
      const numbers = Object.keys(state).map(Number);
      if (asked.do === 'list') {
        return same(answered, { status: 200, names: numbers.map((each) => nameAt('shop', each)) }) ? state : undefined;
      }
      if (asked.do === 'create') {
        const number = Math.max(0, ...numbers) + 1;
        return same(answered, { status: 200, name: nameAt('shop', number) }) ? { ...state, [number]: null } : undefined;
      }
      const number = numbers.find((each) => nameAt('shop', each) === asked.name);
      if (number === undefined) return same(answered, { status: 404 }) ? state : undefined;
      if (asked.do === 'get') {
        const { text } = answered as { text?: string };
        const before = state[number] ?? null;
        return text === before || (before === null && text?.startsWith(WRITTEN) === false) ? state : undefined;
      }
      if (!same(answered, { status: 200 })) return undefined;
      if (asked.do === 'put') return { ...state, [number]: asked.text };
      const { [number]: _gone, ...left } = state;
      return left;
    },
  },
  draw: (random) => {
    const name = nameAt('shop', 1 + Math.floor(random() * 4));
    const text = `${WRITTEN} "${Math.floor(random() * 1e6)}" }`;
    return drawn<MakeAsked>(random, [
      { do: 'create' },
      { do: 'list' },
      { do: 'delete', name },
      ...Array.from({ length: 3 }, () => ({ do: 'put', name, text }) as const),
      ...Array.from({ length: 3 }, () => ({ do: 'get', name }) as const),
    ]);
  },
  perform: async (place, asked) => {
    if (asked.do === 'create') {
      const answer = await ask(place, 'POST', CONNECTIONS, { type: 'basic', label: 'Main' }, MAKE);
      return { status: status(answer), name: answer?.body?.appConnection?.name };
    }
    if (asked.do === 'list') {
      const answer = await ask(place, 'GET', CONNECTIONS, undefined, MAKE);
      return {
        status: status(answer),
        names: answer?.body?.appConnections?.map(({ name }: { readonly name: string }) => name),
      };
    }
    if (asked.do === 'put') return { status: status(await putSection(place, asked.name, asked.text)) };
    const own = `/api/v2/sdk/apps/connections/${asked.name}`;
    if (asked.do === 'delete') return { status: status(await ask(place, 'DELETE', own, undefined, MAKE)) };
    const answer = await ask(place, 'GET', section(asked.name), undefined, MAKE);
    return { status: status(answer), ...(answer?.status === 200 && { text: answer.text }) };
  },
});

type Field = 'name' | 'plan_id' | 'external_id';
type WorkatoAsked =
  | { readonly do: 'set'; readonly id: number; readonly field: Field; readonly value: string }
  | { readonly do: 'get'; readonly id: number }
  | { readonly do: 'create'; readonly external: string };

type Customer = Readonly<Record<Field, string | null>>;
type WorkatoState = Readonly<Record<number, Customer>>;

export const workato = life<WorkatoAsked, WorkatoState>({
  platform: 'workato',
  seed: { managed_users: [{ id: 7, name: 'first' }] },
  model: {
    initial: { 7: { name: 'first', plan_id: null, external_id: null } },
    after: (state, { asked, answered }) => {
      const taken = (id: number | undefined, external: string) =>
        Object.entries(state).some(([each, { external_id }]) => external_id === external && Number(each) !== id);
      if (asked.do === 'create') {
        if (taken(undefined, asked.external)) return same(answered, { status: 400 }) ? state : undefined;
        const { id, ...rest } = answered as { id?: number };
        const made: Customer = { name: 'made', plan_id: null, external_id: asked.external };
        if (id === undefined || id in state || !same(rest, { status: 200, ...made })) return undefined;
        return { ...state, [id]: made };
      }
      const before = state[asked.id];
      if (before === undefined) return same(answered, { status: 404 }) ? state : undefined;
      const isRefused = asked.do === 'set' && asked.field === 'external_id' && taken(asked.id, asked.value);
      if (isRefused) return same(answered, { status: 400 }) ? state : undefined;
      const changed = asked.do === 'set' ? { ...before, [asked.field]: asked.value } : before;
      return same(answered, { status: 200, ...changed }) ? { ...state, [asked.id]: changed } : undefined;
    },
  },
  draw: (random, given) => {
    const id = Number(drawn(random, ['7', '7', ...given]));
    const external = `E${Math.floor(random() * 4)}`;
    const value = String(Math.floor(random() * 1e6));
    return drawn<WorkatoAsked>(random, [
      { do: 'create', external },
      { do: 'set', id, field: 'external_id', value: external },
      { do: 'set', id, field: 'name', value },
      { do: 'set', id, field: 'plan_id', value },
      { do: 'get', id },
      { do: 'get', id },
    ]);
  },
  perform: async (place, asked) => {
    const own = asked.do === 'create' ? '/api/managed_users' : `/api/managed_users/${asked.id}`;
    const answer =
      asked.do === 'create'
        ? await ask(place, 'POST', own, {
            ...{ name: 'made', notification_email: 'ada@acme.example', external_id: asked.external },
          })
        : asked.do === 'set'
          ? await ask(place, 'PUT', own, { [asked.field]: asked.value })
          : await ask(place, 'GET', own);
    if (answer?.status !== 200) return { status: status(answer) };
    const { id, name, plan_id, external_id } = answer.body;
    return { ...(asked.do === 'create' && { id }), status: 200, name, plan_id, external_id };
  },
});

type Decision = 'APPROVED' | 'REJECTED' | 'REVOKED';
type AnypointAsked =
  | { readonly do: 'create'; readonly name: string }
  | { readonly do: 'describe'; readonly id: number; readonly field: 'description' | 'url'; readonly value: string }
  | { readonly do: 'get'; readonly id: number }
  | { readonly do: 'drop'; readonly id: number }
  | { readonly do: 'decide'; readonly id: number; readonly status: Decision };

interface Application {
  readonly name: string;
  readonly description: string | null;
  readonly url: string | null;
  /** Of its contract, which ends with it; those that are made later have none. */
  readonly contract: 'PENDING' | Decision | null;
}
type AnypointState = Readonly<Record<number, Application>>;

const SEEDED = [1, 2, 3, 4];
/** Decision → the states in which it can be made. */
const FROM: Readonly<Record<Decision, readonly string[]>> = {
  APPROVED: ['PENDING', 'REVOKED'],
  REJECTED: ['PENDING'],
  REVOKED: ['APPROVED'],
};

export const anypoint = life<AnypointAsked, AnypointState>({
  platform: 'anypoint',
  seed: {
    assets: [{ assetId: 'connected-raml', name: 'Connected' }],
    instances: SEEDED.map((id) => ({ id, assetId: 'connected-raml' })),
    applications: SEEDED.map((id) => ({ id, name: `application ${id}` })),
    contracts: SEEDED.map((id) => ({
      ...{ id, applicationId: id, instanceId: id, status: 'PENDING', tierId: null, requestedTierId: null },
    })),
  },
  model: {
    initial: Object.fromEntries(
      SEEDED.map((id) => [id, { name: `application ${id}`, description: null, url: null, contract: 'PENDING' }]),
    ),
    after: (state, { asked, answered }) => {
      if (asked.do === 'create') {
        const isTaken = Object.values(state).some(({ name }) => name === asked.name);
        if (isTaken) return same(answered, { status: 409 }) ? state : undefined;
        const { id, ...rest } = answered as { id?: number };
        if (id === undefined || id in state || !same(rest, { status: 201 })) return undefined;
        return { ...state, [id]: { name: asked.name, description: null, url: null, contract: null } };
      }
      const before = state[asked.id];
      if (asked.do === 'decide') {
        const { contract: now = null } = before ?? {};
        const expected = now === null ? 404 : FROM[asked.status].includes(now) ? 200 : 409;
        if (before === undefined || expected !== 200) return same(answered, { status: expected }) ? state : undefined;
        return same(answered, { status: 200 })
          ? { ...state, [asked.id]: { ...before, contract: asked.status } }
          : undefined;
      }
      if (before === undefined) return same(answered, { status: 404 }) ? state : undefined;
      if (asked.do === 'drop') {
        const { [asked.id]: _gone, ...left } = state;
        return same(answered, { status: 204 }) ? left : undefined;
      }
      const changed = asked.do === 'describe' ? { ...before, [asked.field]: asked.value } : before;
      const { description, url } = changed;
      return same(answered, { status: 200, description, url }) ? { ...state, [asked.id]: changed } : undefined;
    },
  },
  draw: (random, given) => {
    const id = Number(drawn(random, [...SEEDED.map(String), ...given.slice(-3)]));
    const value = `https://shop.example/${Math.floor(random() * 1e6)}`;
    const seeded = drawn(random, SEEDED);
    return drawn<AnypointAsked>(random, [
      { do: 'create', name: drawn(random, ['application 1', 'application 2', 'a', 'b']) },
      { do: 'describe', id, field: 'description', value },
      { do: 'describe', id, field: 'url', value },
      { do: 'get', id },
      { do: 'get', id },
      ...(random() < 0.2 ? [{ do: 'drop', id } as const] : []),
      { do: 'decide', id: seeded, status: drawn(random, ['APPROVED', 'REJECTED', 'REVOKED']) },
      { do: 'decide', id: seeded, status: 'APPROVED' },
    ]);
  },
  perform: async (place, asked) => {
    if (asked.do === 'create') {
      const answer = await ask(place, 'POST', APPLICATIONS, { name: asked.name });
      return { ...(answer?.status === 201 && { id: answer.body.id }), status: status(answer) };
    }
    if (asked.do === 'decide') {
      const path = `${MANAGER}/apis/${asked.id}/contracts/${asked.id}`;
      return { status: status(await ask(place, 'PATCH', path, { status: asked.status })) };
    }
    const own = `${APPLICATIONS}/${asked.id}`;
    if (asked.do === 'drop') return { status: status(await ask(place, 'DELETE', own)) };
    const answer = await (asked.do === 'get'
      ? ask(place, 'GET', own)
      : ask(place, 'PATCH', own, { [asked.field]: asked.value }));
    if (answer?.status !== 200) return { status: status(answer) };
    const { description, url } = answer.body;
    return { status: 200, description, url };
  },
});

type Action = 'approve' | 'reject' | 'cancel' | 'activate' | 'suspend' | 'resume' | 'resubmit';
type AkanaAsked =
  | { readonly do: 'request' }
  | { readonly do: 'list' }
  | { readonly do: 'act'; readonly id: string; readonly action: Action };

/** Contracts that have not ended, from the oldest on. */
type AkanaState = readonly { readonly id: string; readonly state: string; readonly revises: string | null }[];

/** State → action → the state that it leads to; a contract that is cancelled is no longer there. */
const WORKFLOW: Readonly<Record<string, Partial<Record<Action, string>>>> = {
  pending_approval: { approve: 'activated', reject: 'rejected', cancel: 'gone' },
  resubmitted: { approve: 'activated', reject: 'rejected', cancel: 'gone' },
  rejected: { approve: 'approved', resubmit: 'resubmitted', cancel: 'gone' },
  approved: { activate: 'activated', cancel: 'gone' },
  activated: { suspend: 'suspended', cancel: 'gone' },
  suspended: { resume: 'activated', cancel: 'gone' },
};
const ACTIONS: readonly Action[] = ['approve', 'reject', 'cancel', 'activate', 'suspend', 'resume', 'resubmit'];

export const akana = life<AkanaAsked, AkanaState>({
  platform: 'akana',
  seed: {
    apis: [{ id: at('api'), versions: [{ id: API_VERSION }] }],
    apps: [{ id: at('app'), versions: [{ id: APP_VERSION }] }],
  },
  model: {
    initial: [],
    after: (state, { asked, answered }) => {
      if (asked.do === 'list') {
        const contracts = state.map(({ id, state: now, revises }) => [id, now, revises === null ? 'inforce' : 'draft']);
        return same(answered, { status: 200, contracts }) ? state : undefined;
      }
      if (asked.do === 'request') {
        if (state.length > 1) return same(answered, { status: 500 }) ? state : undefined;
        const { id, ...rest } = answered as { id?: string };
        if (id === undefined || !same(rest, { status: 200 }) || state.some((each) => each.id === id)) return undefined;
        return [...state, { id, state: 'pending_approval', revises: state[0]?.id ?? null }];
      }
      const before = state.find(({ id }) => id === asked.id);
      const next = WORKFLOW[before?.state ?? '']?.[asked.action];
      if (before === undefined || next === undefined) return same(answered, { status: 500 }) ? state : undefined;
      if (!same(answered, { status: 200 })) return undefined;
      // A revision that is activated takes the place of what it revises; one whose original goes stands alone.
      const replaced = next === 'activated' ? before.revises : null;
      return state
        .map((each) => (each === before ? { ...each, state: next } : each))
        .filter(({ id, state: now }) => now !== 'gone' && id !== replaced)
        .map((each, _index, left) => (left.some(({ id }) => id === each.revises) ? each : { ...each, revises: null }));
    },
  },
  draw: (random, given) => {
    const id = drawn(random, given.slice(-3));
    const action = drawn(random, ACTIONS);
    if (id === undefined || random() < 0.25) return { do: 'request' };
    return random() < 0.3 ? { do: 'list' } : { do: 'act', id, action };
  },
  perform: async (place, asked) => {
    if (asked.do === 'request') {
      const body = { APIVersionID: API_VERSION, RuntimeID: APP_VERSION, Environment: 'Sandbox' };
      const answer = await ask(place, 'POST', '/api/contracts', body);
      return { ...(answer?.status === 200 && { id: answer.body.ContractID }), status: status(answer) };
    }
    if (asked.do === 'act') {
      const body = { ActionName: `apicontract.action.${asked.action}` };
      return { status: status(await ask(place, 'POST', `/api/contracts/${asked.id}/actions`, body)) };
    }
    const answer = await ask(place, 'GET', `/api/apis/versions/${API_VERSION}/connectedapps`);
    const contracts = answer?.body?.channel?.item?.map(
      ({ title, category }: { readonly title: string; readonly category: readonly { readonly value: string }[] }) => [
        title,
        category[1]?.value.replace('apicontract.status.', ''),
        category[2]?.value.replace('com.soa.apicontract.', ''),
      ],
    );
    return { status: status(answer), contracts };
  },
});

export const LIVES = [make, workato, anypoint, akana];
