import { createHarness, type Harness } from '@connectorkit/harness';
import { ConnectorError } from '@connectorkit/sdk';
import {
  contractClient,
  type Exchange,
  type OperationTypes,
  operationsOf,
  PLATFORMS,
  type Platform,
  type Send,
} from '@connectorkit/sdk/platforms';
import { afterEach, describe, expect, test } from 'vitest';
import { CLASS_CALLS, type ClassCall, classesAt } from './class-calls.ts';
import { canonical } from './xml.ts';

let harness: Harness | undefined;
afterEach(async () => {
  await harness?.close();
  harness = undefined;
});

const platforms: readonly Platform[] = Object.values(PLATFORMS);
const played = await Promise.all(
  platforms.map(async (platform) => ({ platform, exchanges: await platform.exchanges() })),
);

for (const { platform, exchanges } of played) {
  describe(`${platform.title}, as documented`, () => {
    for (const [index, exchange] of exchanges.entries()) {
      const title = `${exchange.operation} (${index + 1})`;
      const variants: readonly [string, Exchange][] = [
        ['as documented', exchange],
        ['with every value changed', { ...exchange, ...exchange.changed }],
      ];
      for (const [how, variant] of variants) {
        test(`the emulator: ${title} ${how}`, () => playAgainstEmulator(platform, variant));
        if (!carriesPicture(platform, exchange)) {
          test(`the client: ${title} ${how}`, () => playAgainstClient(platform, variant));
        }
      }
      const call = CLASS_CALLS[platform.name]?.[exchange.operation];
      if (call !== undefined) {
        for (const [how, variant] of variants) {
          test(`the class: ${title} ${how}`, () => playByClass(platform, variant, call));
        }
        // These ask for one operation at a time, so that the page's own words can stand in its answer's place.
        if (platform.access === undefined) {
          test(`the class: ${title} with the page’s own words`, () => playPageByClass(platform, exchange, call));
        }
      }
      test(`${title}: no value of the request stays as it was`, () => {
        const before = leaves(exchange.request);
        const kept = leaves(exchange.changed.request).filter((value) => before.includes(value));
        expect(kept).toEqual([]);
      });
      test(`${title}: every deviation is one`, () => {
        for (const { path, page, ours, why } of exchange.deviations ?? []) {
          expect(why).not.toBe('');
          expect(page).not.toEqual(ours);
          expect(at(exchange.answer, path)).toEqual(ours);
        }
      });
    }
    test('every operation that a method of the classes asks for is played', () => {
      const operations = exchanges.map(({ operation }) => operation);
      expect(Object.keys(CLASS_CALLS[platform.name] ?? {}).filter((id) => !operations.includes(id))).toEqual([]);
    });
    test('every operation is played, but those that are listed', () => {
      const played = new Set(exchanges.map(({ operation }) => operation));
      const others = [...operationsOf(platform.contract).keys()].filter((id) => !played.has(id));
      expect(others).toEqual(UNPLAYED[platform.name]?.trim().split(/\s+/) ?? []);
    });
  });
}

/**
 * By platform, the operations that no exchange plays, so that nothing from outside shows a mistake in them. A new operation
 * has an exchange, or is added here.
 */
const UNPLAYED: Readonly<Record<string, string>> = {
  make: 'listLanguages ping openAppSource closeAppSource getChange getAppChecksum',
  akana: `
    login renewToken getApi getApiVersion getApiContracts getApiLegals acceptApiLegal getApiBoard getApiAvatar
    createApp getApp getAppBoard getAppVersion executeAppAction getAppContracts getSharedSecret
    regenerateSharedSecret getAppAvatar requestContract getContract updateContract getContractApiDetails
    getContractAppDetails getWorkflowActions executeWorkflowAction getUser getUserRoles getUserAvatar
    getUserApis getUserApps getUserGroups getUserConnections getUserBoard getFollowings getNotifications
    changeNotificationState changeNotificationsState getApiFollowers followApi unfollowApi getAppFollowers
    followApp unfollowApp getGroupFollowers followGroup unfollowGroup createGroup getGroup getGroupMembers
    addGroupMember removeGroupMember search`,
  workato: `
    listManagedUsers getConnectionInputSchema getConnectorInputSchema createRecipe listCustomerTags
    createCustomerTag updateCustomerTag deleteCustomerTag showEmbeddedConnection connectEmbeddedConnection`,
  anypoint: `
    getAsset updateGroupContract approveContract rejectContract revokeContract restoreContract
    approveTierChangeOfContract rejectTierChangeOfContract`,
};

/** A harness in which what is given is there. */
async function givenHarness(platform: Platform, { at: moment, given }: Pick<Exchange, 'at' | 'given'>) {
  const clock = { now: () => (moment === undefined ? new Date() : new Date(moment)) };
  harness = await createHarness({ checkAnswers: true, clock });
  await harness.seed(platform.name as never, given as never);
  return harness;
}

/** The class asks the emulator, whose answers it takes; what the exchange asks is among what it asked. */
async function playByClass(platform: Platform, exchange: Exchange, call: ClassCall): Promise<void> {
  const { url, token } = await givenHarness(platform, exchange);
  const authorization = exchange.request.headers?.authorization;
  const asked: string[] = [];
  const send: Send = async ({ method, url: to, headers, body }) => {
    asked.push(`${method} ${new URL(to).pathname}`);
    const sent = authorization === undefined ? headers : { ...headers, authorization };
    const response = await fetch(to, { method, headers: sent, ...(body === undefined ? {} : { body }) });
    return { status: response.status, headers: Object.fromEntries(response.headers), body: await response.text() };
  };
  const own = { url: `${url}${platform.basePath}`, token: sessionOf(platform, exchange, token), send };
  const result = call(classesAt(platform, own), exchange);
  if (exchange.answer.status < 400) await result;
  else await expect(result).rejects.toBeInstanceOf(ConnectorError);
  const [method, path = ''] = exchange.http.split(' ');
  expect(asked).toContain(`${method} ${new URL(`http://host${platform.basePath}${path}`).pathname}`);
}

/** The harness's token as the class takes it: Akana's says whose tenant it is. */
function sessionOf({ name }: Platform, { given }: Exchange, token: string): string {
  if (name !== 'akana') return token;
  const { tenant = 'acmepaymentscorp' } = (given as { settings?: { tenant?: string } }).settings ?? {};
  return ['AtmoAuthToken', 'Csrf-Token'].map((cookie) => `${cookie}_${tenant}=${token}`).join('; ');
}

/** The class takes the answer as it is printed, and what it tells comes from there. */
async function playPageByClass(platform: Platform, exchange: Exchange, call: ClassCall): Promise<void> {
  const { status, mediaType, body } = printed(exchange);
  const text = isJSON(mediaType) && typeof body !== 'string' ? JSON.stringify(body) : String(body ?? '');
  const send: Send = async () => ({ status, headers: { 'content-type': mediaType }, body: text });
  const result = call(classesAt(platform, { url: 'https://host/base', token: 't', send }), exchange);
  if (status >= 400) return void (await expect(result).rejects.toBeInstanceOf(ConnectorError));
  const told = leaves(await result).filter((leaf) => leaf !== undefined);
  const page = (typeof body === 'string' ? [body] : leaves(body)).map(String);
  // States are told in words of ours, and what a page does not say is null.
  const own = ['connected', 'disconnected', 'failed', 'null', ''];
  expect(told.map(String).filter((leaf) => !page.includes(leaf) && !own.includes(leaf))).toEqual([]);
}

/** The answer as the vendor prints it: our deviations taken back. */
function printed({ answer, deviations = [] }: Exchange): Exchange['answer'] {
  const copy = structuredClone(answer);
  for (const { path, page } of deviations) {
    const split = path.lastIndexOf('/');
    const holder = at(copy, path.slice(0, split)) as Record<string, unknown>;
    if (page === undefined) delete holder[path.slice(split + 1)];
    else holder[path.slice(split + 1)] = page;
  }
  return copy;
}

async function playAgainstEmulator(platform: Platform, exchange: Exchange): Promise<void> {
  const there = await givenHarness(platform, exchange);
  const [method = '', path = ''] = exchange.http.split(' ');
  const { body } = exchange.request;
  const [mediaType = 'application/json'] = operationsOf(platform.contract).get(exchange.operation)?.mediaTypes ?? [];
  const response = await fetch(`${there.url}${platform.basePath}${path}`, {
    method,
    headers: { authorization: `Bearer ${there.token}`, 'content-type': mediaType, ...exchange.request.headers },
    ...(body === undefined ? {} : { body: writing(mediaType, body) }),
  });
  const bytes = Buffer.from(await response.arrayBuffer());
  const given = response.headers.get('content-type')?.split(';')[0];
  const { answer } = exchange;
  const read = readingOf(answer.mediaType);
  const expected = typeof answer.body === 'string' ? read(answer.body) : answer.body;
  const text = bytes.toString(answer.mediaType === PICTURE ? 'base64' : 'utf8');
  const got = { status: response.status, mediaType: given ?? '', body: read(text) };
  const { drawn = [], begun = [] } = exchange;
  const whole = { ...answer, body: expected };
  expect(drawnOut(asFarAs(whole, got, begun), drawn)).toEqual(drawnOut(whole, drawn));
}

const PICTURE = 'image/png';

/** Whether a body of an exchange is a picture, which is in base64. */
function carriesPicture({ contract }: Platform, { operation, answer }: Exchange): boolean {
  return [answer.mediaType, ...(operationsOf(contract).get(operation)?.mediaTypes ?? [])].includes(PICTURE);
}

function writing(mediaType: string, body: unknown): string | Uint8Array<ArrayBuffer> {
  if (typeof body !== 'string') return JSON.stringify(body);
  return mediaType === PICTURE ? new Uint8Array(Buffer.from(body, 'base64')) : body;
}

/** An answer in which the lists at the pointers end where those of another end. */
function asFarAs(whole: object, answer: object, pointers: readonly string[]): object {
  const copy: object = structuredClone(answer);
  for (const pointer of pointers) {
    const printed = at(whole, pointer) as unknown[];
    expect(printed).not.toEqual([]);
    (at(copy, pointer) as unknown[]).splice(printed.length);
  }
  return copy;
}

/** An answer in which only the types are left of values that are drawn anew each time. */
function drawnOut(answer: object, pointers: readonly string[]): object {
  const copy: object = structuredClone(answer);
  for (const pointer of pointers) {
    const split = pointer.lastIndexOf('/');
    const holder = at(copy, pointer.slice(0, split)) as Record<string, unknown>;
    const key = pointer.slice(split + 1);
    holder[key] = typeof holder[key];
  }
  return copy;
}

async function playAgainstClient(platform: Platform, { operation, http, request, answer }: Exchange): Promise<void> {
  const sent: Parameters<Send>[0][] = [];
  const send: Send = async (built) => {
    sent.push(built);
    const body = isJSON(answer.mediaType) ? JSON.stringify(answer.body) : String(answer.body);
    return { status: answer.status, headers: { 'content-type': answer.mediaType }, body };
  };
  const conventions = { contract: platform.contract, credentials: () => ({}), readError: () => undefined };
  const call = contractClient<Record<string, OperationTypes>>(conventions, {
    url: 'https://host/base',
    token: '',
    send,
  });
  // An answer without a body is nothing to a client.
  const told = answer.mediaType === '' ? undefined : answer.body;
  if (answer.status < 400) expect(await call(operation, request)).toEqual(told);
  else await expect(call(operation, request)).rejects.toBeInstanceOf(ConnectorError);
  const [method, path] = http.split(' ');
  expect(sent).toHaveLength(1);
  const built = new URL(sent[0]?.url ?? '');
  const documented = new URL(`https://host/base${path}`);
  expect([sent[0]?.method, built.origin, built.pathname]).toEqual([method, documented.origin, documented.pathname]);
  // Brackets may be encoded or not.
  expect([...built.searchParams]).toEqual([...documented.searchParams]);
  const body = sent[0]?.body;
  if (typeof request.body === 'string') expect(body).toBe(request.body);
  else expect(body === undefined ? undefined : JSON.parse(body)).toEqual(request.body);
}

const isJSON = (mediaType: string) => /[/+]json$/.test(mediaType);

/** What counts of a text: of XML its elements in their namespaces. */
function readingOf(mediaType: string): (text: string) => unknown {
  if (isJSON(mediaType)) return JSON.parse;
  return /[/+]xml$/.test(mediaType) ? canonical : (text) => text;
}

function leaves(value: unknown): unknown[] {
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(leaves) : [value];
}

function at(value: unknown, pointer: string): unknown {
  return pointer
    .split('/')
    .slice(1)
    .reduce((each, key) => (each as Record<string, unknown>)[key], value);
}
