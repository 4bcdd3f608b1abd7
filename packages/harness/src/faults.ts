import { setTimeout as sleep } from 'node:timers/promises';
import { ConnectorError, nearest, type Operation, operationsOf } from '@connectorkit/sdk/emulator';
import type { Outgoing } from './emulate.ts';
import { type Reason, Refusal } from './emulator.ts';
import type { Platforms } from './platforms.ts';
import { GRANTS, OPERATIONS, PROVIDER } from './provider/endpoints.ts';
import { changeSettings, SETTINGS, type Settings, settings } from './settings.ts';
import type { Store, WriteTransaction } from './store/store.ts';

/** Which calls go wrong, and how. Calls that nobody is let in for are left alone. */
export interface FaultRule {
  /** A name in FAULTS. */
  readonly effect: FaultName;
  /** Name of a platform (default: all). */
  readonly platform?: string;
  /** operationId of a contract (default: all). */
  readonly operation?: string;
  /** Calls that only read, or those that write (default: both). */
  readonly calls?: 'reads' | 'writes';
  /** So many of the calls that fit pass before. */
  readonly after?: number;
  /** Of the calls that fit, above 0 and at most 1: spread evenly and the same each time, 0.5 is every second one. */
  readonly share?: number;
  /** After so many calls went wrong, the fault is gone (default: it stays until it is removed). */
  readonly times?: number;
  /** Of the answer; 400 to 599. */
  readonly status?: number;
  /** In the vendor's error body. */
  readonly message?: string;
  /** How long the call waits. */
  readonly milliseconds?: number;
  /** Seconds of the `retry-after` header. */
  readonly retryAfter?: number;
}

/** A fault that is set. */
export interface Fault extends FaultRule {
  readonly id: number;
  /** Calls that fitted so far, and how many of them went wrong. */
  readonly seen: number;
  readonly injected: number;
}

/** Input of a fault: the call that it strikes. */
interface Call {
  /** Performs the operation, and returns its answer. */
  serve(): Promise<Outgoing>;
  /** A refusal in the vendor's words; nothing is done. */
  refuse(refusal: Refusal): Outgoing | Promise<Outgoing>;
  /** On an authorization server: ends what was granted with the code or token that the request brings. */
  revoke?(): Promise<void>;
}

interface Effect {
  /** Effect as the client sees it, in the third person. */
  readonly summary: string;
  /** Defaults of a rule that names only this fault. */
  readonly preset?: Partial<FaultRule>;
  /** The operations that can go wrong in this way; by default all. */
  readonly operations?: readonly string[];
  inject(rule: FaultRule, call: Call): Promise<Outgoing>;
}

const CUT: Outgoing = { status: 0, headers: {}, body: '', cut: 'before' };

const refuse: Effect['inject'] = async ({ status = 500, message = 'Injected fault.' }, call) =>
  call.refuse(new Refusal(reasonOf(status), message, { status }));

/** Operations that answer with tokens. */
const TOKENS = Object.values(GRANTS);

/** Changes the tokens that a call is answered with. */
const changed =
  (change: (tokens: Readonly<Record<string, unknown>>) => Partial<Outgoing>): Effect['inject'] =>
  async (_rule, { serve }) => {
    const answer = await serve();
    return answer.status === 200 ? { ...answer, ...change(JSON.parse(answer.body)) } : answer;
  };

const FORM = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' };

/** How a call can go wrong, by name. */
export const FAULTS = {
  latency: {
    summary: 'answers late',
    preset: { milliseconds: 1000 },
    inject: async ({ milliseconds = 0 }, { serve }) => {
      // It keeps no process alive.
      await sleep(milliseconds, undefined, { ref: false });
      return serve();
    },
  },
  status: {
    summary: 'answers with an error status and the vendor’s body; nothing is done',
    preset: { status: 500 },
    inject: refuse,
  },
  'rate-limit': {
    summary: 'answers that there are too many requests; nothing is done',
    preset: { retryAfter: 1 },
    inject: async ({ retryAfter = 0, message = 'Injected fault.' }, call) =>
      call.refuse(new Refusal('too-many', message, { headers: { 'retry-after': String(retryAfter) } })),
  },
  reset: { summary: 'cuts the connection; nothing is done', inject: async () => CUT },
  empty: {
    summary: 'carries out the request and responds with an empty body',
    inject: async (_rule, { serve }) => ({ ...(await serve()), body: '' }),
  },
  truncated: {
    summary: 'carries out the request and closes the connection in the middle of the response',
    inject: async (_rule, { serve }) => ({ ...(await serve()), cut: 'within' }),
  },
  lost: {
    summary: 'carries out the request and closes the connection before the response',
    inject: async (_rule, { serve }) => ({ ...(await serve()), cut: 'before' }),
  },
  half: {
    summary: 'refuses every second write, such as half of the sections of a push',
    preset: { status: 400, calls: 'writes', share: 0.5 },
    inject: refuse,
  },
  'access-denied': {
    summary: 'sends the browser back with access_denied, as if the user had not agreed',
    operations: ['authorization'],
    inject: async ({ message = 'The user did not agree.' }, call) =>
      call.refuse(new Refusal('forbidden', message, { code: 'access_denied' })),
  },
  'expired-code': {
    summary: 'refuses an authorization code as expired',
    operations: ['authorization_code'],
    inject: async ({ message = 'grant request is invalid: authorization code is expired' }, call) => {
      await call.revoke?.();
      return call.refuse(new Refusal('invalid', message, { code: 'invalid_grant' }));
    },
  },
  'revoked-refresh': {
    summary: 'revokes the grant before it is refreshed',
    operations: ['refresh_token'],
    inject: async (_rule, call) => {
      await call.revoke?.();
      return call.serve();
    },
  },
  'wrong-content-type': {
    summary: 'labels tokens as text/html',
    operations: TOKENS,
    inject: async (_rule, { serve }) => {
      const answer = await serve();
      return { ...answer, headers: { ...answer.headers, 'content-type': 'text/html; charset=utf-8' } };
    },
  },
  'no-expires-in': {
    summary: 'returns tokens without expires_in',
    operations: TOKENS,
    inject: changed(({ expires_in: _, ...tokens }) => ({ body: JSON.stringify(tokens) })),
  },
  'expires-in-text': {
    summary: 'returns expires_in as a text',
    operations: TOKENS,
    inject: changed((tokens) => ({ body: JSON.stringify({ ...tokens, expires_in: String(tokens.expires_in) }) })),
  },
  'no-refresh-token': {
    summary: 'returns null in place of a new refresh token; where tokens rotate, the old one stops working',
    operations: TOKENS,
    inject: changed((tokens) => ({ body: JSON.stringify({ ...tokens, refresh_token: null }) })),
  },
  'form-encoded': {
    summary: 'returns tokens form-encoded',
    operations: TOKENS,
    inject: changed((tokens) => ({
      headers: FORM,
      body: new URLSearchParams(tokens as Record<string, string>).toString(),
    })),
  },
  'error-200': {
    summary: 'answers with an OAuth error and status 200; nothing is done',
    operations: TOKENS,
    inject: async ({ message = 'Injected fault.' }, call) =>
      call.refuse(new Refusal('invalid', message, { status: 200, code: 'invalid_grant' })),
  },
} as const satisfies Readonly<Record<string, Effect>>;

/** The name of a fault’s effect, such as `latency`, `status` or `lost`; `FAULTS` describes each. */
export type FaultName = keyof typeof FAULTS;

const REASONS: Readonly<Record<number, Reason>> = {
  401: 'unauthenticated',
  403: 'forbidden',
  404: 'not-found',
  409: 'rejected',
  413: 'too-large',
  415: 'media-type',
  429: 'too-many',
};

function reasonOf(status: number): Reason {
  return REASONS[status] ?? (status >= 500 ? 'internal' : 'invalid');
}

/** Checks if a fault concerns a call, so that it has to be counted. */
export function concerned(
  faults: readonly FaultRule[] | undefined,
  platform: string,
  operation: Pick<Operation, 'id' | 'method'>,
): boolean {
  return faults?.some((rule) => fits(rule, platform, operation)) ?? false;
}

function fits(rule: FaultRule, platform: string, { id, method }: Pick<Operation, 'id' | 'method'>): boolean {
  const { operations }: Effect = FAULTS[rule.effect];
  if (operations !== undefined && !(platform === PROVIDER.name && operations.includes(id))) return false;
  if (rule.platform !== undefined && rule.platform !== platform) return false;
  if (rule.operation !== undefined && rule.operation !== id) return false;
  return rule.calls === undefined || (rule.calls === 'reads') === (method === 'GET');
}

/** Counts a call, and gives the fault to inject: the first that was set and whose turn it is. */
export async function countCall(
  tx: WriteTransaction,
  platform: string,
  operation: Pick<Operation, 'id' | 'method'>,
): Promise<Fault | undefined> {
  const before = (await tx.get<Settings>(SETTINGS)) ?? {};
  let found: Fault | undefined;
  const faults = (before.faults ?? []).flatMap((fault): Fault[] => {
    if (found !== undefined || !fits(fault, platform, operation)) return [fault];
    const counted = { ...fault, seen: fault.seen + 1 };
    if (!isDue(counted)) return [counted];
    found = { ...counted, injected: fault.injected + 1 };
    return found.injected === fault.times ? [] : [found];
  });
  await tx.set(SETTINGS, { ...before, faults });
  return found;
}

function isDue({ seen, after = 0, share = 1 }: Fault): boolean {
  // A tenth of ten calls is one, whatever floating point makes of it.
  const due = (calls: number) => Math.floor(calls * share + 1e-9);
  return seen > after && due(seen - after) > due(seen - after - 1);
}

/** Faults that were set on a harness; the same for every process on the store. */
export interface Faults {
  list(): Promise<readonly Fault[]>;
  /** @throws ConnectorError usage `harness/fault` */
  add(rule: FaultRule): Promise<Fault>;
  /** Checks if there was one of that id. */
  remove(id: number): Promise<boolean>;
  clear(): Promise<void>;
}

export function faultsOf(store: Store, platforms: Platforms): Faults {
  return {
    list: async () => (await settings(store)).faults ?? [],
    add: async (asked) => {
      const rule = await checked(asked, platforms);
      return changeSettings(store, (before) => {
        const faults = before.faults ?? [];
        const fault = { ...rule, id: 1 + Math.max(0, ...faults.map(({ id }) => id)), seen: 0, injected: 0 };
        return { after: { ...before, faults: [...faults, fault] }, given: fault };
      });
    },
    remove: (id) =>
      changeSettings(store, (before) => {
        const faults = (before.faults ?? []).filter((fault) => fault.id !== id);
        return { after: { ...before, faults }, given: faults.length < (before.faults?.length ?? 0) };
      }),
    clear: () => changeSettings(store, ({ faults: _, ...others }) => ({ after: others, given: undefined })),
  };
}

const WHOLE = (least: number, most = Number.MAX_SAFE_INTEGER) => ({
  words: most === Number.MAX_SAFE_INTEGER ? `a whole number from ${least}` : `a whole number from ${least} to ${most}`,
  fits: (value: unknown) => Number.isSafeInteger(value) && Number(value) >= least && Number(value) <= most,
});
const TEXT = { words: 'a text', fits: (value: unknown) => typeof value === 'string' };

const FIELDS: {
  readonly [field in keyof Required<FaultRule>]: { readonly words: string; fits(value: unknown): boolean };
} = {
  effect: {
    words: `one of ${Object.keys(FAULTS).join(', ')}`,
    fits: (value) => typeof value === 'string' && Object.hasOwn(FAULTS, value),
  },
  platform: TEXT,
  operation: TEXT,
  calls: { words: 'reads or writes', fits: (value) => value === 'reads' || value === 'writes' },
  after: WHOLE(0),
  share: {
    words: 'a number above 0 and at most 1',
    fits: (value) => typeof value === 'number' && value > 0 && value <= 1,
  },
  times: WHOLE(1),
  status: WHOLE(400, 599),
  message: TEXT,
  milliseconds: WHOLE(0, 600_000),
  retryAfter: WHOLE(0),
};

/** The rule with the presets of its effect. @throws ConnectorError usage `harness/fault` */
async function checked(asked: FaultRule, platforms: Platforms): Promise<FaultRule> {
  for (const [field, value] of Object.entries(asked)) {
    if (!Object.hasOwn(FIELDS, field)) {
      throw unusable(`A fault has no field ${JSON.stringify(field)}.`, nearest(field, Object.keys(FIELDS)));
    }
    const { words, fits } = FIELDS[field as keyof FaultRule];
    if (value === undefined || fits(value)) continue;
    const meant = field === 'effect' ? nearest(String(value), Object.keys(FAULTS)) : undefined;
    throw unusable(`The field ${field} of a fault must be ${words}, not ${JSON.stringify(value)}.`, meant);
  }
  const { effect, platform, operation } = asked;
  if (effect === undefined) throw unusable(`A fault needs the field effect: ${FIELDS.effect.words}.`, undefined);
  const { preset = {}, operations }: Effect = FAULTS[effect];
  // What is wrong with tokens concerns nobody who gives none.
  const able = operations === undefined ? platforms.all.map(({ name }) => name) : [];
  const names = [...able, PROVIDER.name];
  if (platform !== undefined && !names.includes(platform)) {
    const of = operations === undefined ? 'a platform of this harness' : `where ${effect} can be injected`;
    throw unusable(`${JSON.stringify(platform)} is not ${of}.`, nearest(platform, names), names);
  }
  if (operation !== undefined) {
    const chosen = await Promise.all(
      able.filter((name) => platform === undefined || name === platform).map((name) => platforms.named(name)),
    );
    const own = platform === undefined || platform === PROVIDER.name ? (operations ?? OPERATIONS) : [];
    const ids = [...chosen.flatMap((each) => [...operationsOf(each.platform.contract).keys()]), ...own];
    if (!ids.includes(operation)) {
      throw unusable(`${JSON.stringify(operation)} is not an operation of a platform.`, nearest(operation, ids), ids);
    }
  }
  return { ...preset, ...Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== undefined)), effect };
}

function unusable(message: string, meant: string | undefined, known: readonly string[] = []): ConnectorError {
  const list = known.length > 0 ? `There is ${known.join(', ')}.` : 'Correct it.';
  const hint = meant === undefined ? list : `Did you mean ${meant}?`;
  return new ConnectorError('usage', { code: 'harness/fault', message, hint });
}

/** Answers a call as the fault has it. */
export function injectFault(fault: Fault, call: Call): Promise<Outgoing> {
  const { inject }: Effect = FAULTS[fault.effect];
  return inject(fault, call);
}
