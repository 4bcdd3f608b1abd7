import { ConnectorError, isObject } from '@connectorkit/sdk/emulator';
import type { Express, Request, Response } from 'express';
import { escaped } from '../html.ts';
import { originOf } from '../origin.ts';
import { sendPage } from '../platform-requests.ts';
import { OWN_CALLBACK } from '../provider/endpoints.ts';
import type { ConnectInstanceOptions, ConnectionRange, InstanceOutcome, Instances } from './instances.ts';

const BASE = '/__harness/platforms/:platform';

/** Seconds. */
const LONGEST_WAIT = 60;

type InstancesOf = (platform: string) => Promise<Instances>;

/** Adds the routes that connect pushed connections, and run and delete the instances. All require the control token. */
export function instanceRoutes(own: Express, instances: InstancesOf): void {
  own.get(`${BASE}/connections`, async ({ params: { platform }, query }, response) => {
    response.json({ connections: await (await instances(platform)).connections(rangeOf(query)) });
  });
  own.get(`${BASE}/connection-names`, async ({ params: { platform }, query }, response) => {
    response.json(await (await instances(platform)).summaries(rangeOf(query)));
  });
  own.get(`${BASE}/connections/:name`, async (request, response) => {
    const { platform, name } = request.params;
    const connection = await (await instances(platform)).connection(name);
    // The browser comes back to the address under which it knows the harness.
    response.json({ connection: { ...connection, redirectUri: `${originOf(request)}${OWN_CALLBACK}` } });
  });
  own.get(`${BASE}/connections/:name/sections`, async ({ params: { platform, name } }, response) => {
    response.json({ sections: await (await instances(platform)).sections(name) });
  });
  own.get(`${BASE}/connections/:name/differences`, async ({ params: { platform, name }, query }, response) => {
    const from = textsOf(query, ['snapshot']);
    response.json({ differences: await (await instances(platform)).differences(name, from) });
  });
  own.get(`${BASE}/connections/:name/instances`, async ({ params: { platform, name } }, response) => {
    const at = await instances(platform);
    const { name: connection } = await at.connection(name);
    response.json({ instances: await at.list({ connection }) });
  });
  own.post(`${BASE}/connections/:name/instances`, async (request, response) => {
    const { platform, name } = request.params;
    const options = { ...optionsIn(request.body), origin: originOf(request) };
    const outcome = await (await instances(platform)).connect(name, options);
    answerWith(response, outcome.authorization === undefined ? 201 : 202, outcome);
  });
  own.get(`${BASE}/instances`, async ({ params: { platform }, query }, response) => {
    response.json({ instances: await (await instances(platform)).list(textsOf(query, ['app', 'connection'])) });
  });
  own.get(`${BASE}/instances/:id`, async ({ params: { platform, id }, query }, response) => {
    const seconds = Math.min(Number(query.wait ?? 0) || 0, LONGEST_WAIT);
    response.json({ instance: await (await instances(platform)).get(id, { wait: seconds * 1000 }) });
  });
  own.get(`${BASE}/instances/:id/trace`, async ({ params: { platform, id } }, response) => {
    response.json({ trace: (await (await instances(platform)).trace(id)) ?? null });
  });
  own.delete(`${BASE}/instances/:id`, async ({ params: { platform, id } }, response) => {
    await (await instances(platform)).delete(id);
    response.json({ deleted: id });
  });
  own.post(`${BASE}/instances/:id/reauthorize`, async (request, response) => {
    const { platform, id } = request.params;
    const options = { ...optionsIn(request.body, AGAIN), origin: originOf(request) };
    const outcome = await (await instances(platform)).reauthorize(id, options);
    answerWith(response, outcome.authorization === undefined ? 200 : 202, outcome);
  });
  own.delete(`${BASE}/instances/:id/authorization`, async ({ params: { platform, id } }, response) => {
    await (await instances(platform)).abandon(id);
    response.json({ abandoned: id });
  });
  for (const action of ['verify', 'refresh', 'invalidate'] as const) {
    own.post(`${BASE}/instances/:id/${action}`, async ({ params: { platform, id } }, response) => {
      answerWith(response, 200, await (await instances(platform))[action](id));
    });
  }
}

/** Answers with the outcome of a run; one that failed as its diagnostics are, with the trace until there. */
function answerWith(response: Response, status: number, { problem, ...outcome }: InstanceOutcome): void {
  if (problem === undefined) return void response.status(status).json(outcome);
  response.status(422).json({ message: problem.message, diagnostics: [problem], ...outcome });
}

/** @throws ConnectorError usage `usage/arguments` for a member of another type than it has to have */
function optionsIn(body: unknown, members: Members = MEMBERS): ConnectInstanceOptions {
  const wrong = (message: string) => wrongBody(message, members);
  if (body !== undefined && !isObject(body)) throw wrong('The body is not a JSON object.');
  const given = body ?? {};
  const unknown = Object.keys(given).find((name) => !Object.hasOwn(members, name));
  if (unknown !== undefined) throw wrong(`The body has an unknown member ${JSON.stringify(unknown)}.`);
  for (const [name, { fits, what }] of Object.entries(members)) {
    if (given[name] === undefined || fits(given[name])) continue;
    throw wrong(`${JSON.stringify(name)} is not ${what}.`);
  }
  const names = Object.keys(members).filter((name) => given[name] !== undefined);
  return Object.fromEntries(names.map((name) => [name, given[name]]));
}

function wrongBody(message: string, members: Members): ConnectorError {
  const names = Object.keys(members).join(', ');
  const hint = `The members are ${names}; docs/reference/harness.md has an example. What was sent is not shown.`;
  return new ConnectorError('usage', { code: 'usage/arguments', message, hint });
}

const FLAG = { fits: (value: unknown) => typeof value === 'boolean', what: 'true or false' };
const NAME = {
  fits: (value: unknown) => typeof value === 'string' && value.length <= 200,
  what: 'a text of up to 200 characters',
};
const SCOPES = {
  fits: (value: unknown) => Array.isArray(value) && value.every((each) => typeof each === 'string'),
  what: 'a list of texts',
};

type Members = Readonly<Record<string, { readonly fits: (value: unknown) => boolean; readonly what: string }>>;

/** Members of the body that makes an instance, each with its type. */
const MEMBERS: Members = {
  parameters: { fits: isObject, what: 'an object with a value for each field of the form' },
  scopes: SCOPES,
  name: NAME,
  local: FLAG,
  headless: FLAG,
};

/** Members of the body that connects an instance again; its name, and whether it is local, stay. */
const { name: _, local: __, ...AGAIN }: Members = MEMBERS;

/** Numbers that cannot be are left out. */
function rangeOf(query: Request['query']): ConnectionRange {
  const { limit, offset, ...texts } = textsOf(query, ['app', 'search', 'limit', 'offset']);
  const number = (name: string, text: string | undefined) =>
    text !== undefined && /^\d{1,9}$/.test(text) ? { [name]: Number(text) } : {};
  return { ...texts, ...number('limit', limit), ...number('offset', offset) };
}

function textsOf(query: Request['query'], names: readonly string[]): Readonly<Record<string, string>> {
  const found = names.flatMap((name): [string, string][] => {
    const text = query[name];
    return typeof text === 'string' ? [[name, text]] : [];
  });
  return Object.fromEntries(found);
}

/**
 * Adds the page that browsers come back to from a provider. It wants no token: what the browser brings proves that it
 * belongs to something that is waited for.
 */
export function callbackRoute(own: Express, arrive: (query: URLSearchParams) => Promise<InstanceOutcome | undefined>) {
  own.get(OWN_CALLBACK, async (request, response) => {
    // Browsers ask for it to show the page sooner, and come again.
    if (request.headers['sec-purpose']?.includes('prefetch')) return sendPage(response, page('Not now', ''), 503);
    const outcome = await arrive(new URL(request.originalUrl, 'http://localhost').searchParams);
    if (outcome === undefined) {
      const words =
        'The harness does not wait for it: it was used before, it came too late, or its state is wrong. Connect again.';
      return sendPage(response, page('This response is not used', words), 400);
    }
    const { instance, problem } = outcome;
    if (problem !== undefined) return sendPage(response, page('Not connected', problem.message));
    const words = instance === undefined ? 'The connection was deleted meanwhile.' : `${instance.id} is connected.`;
    sendPage(response, page(instance === undefined ? 'Not connected' : 'Connected', words));
  });
}

/** Holds nothing of the query, which is secret. */
function page(title: string, words: string): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="color-scheme" content="light dark">
<meta name="viewport" content="width=device-width">
<title>${escaped(title)}</title>
<h1>${escaped(title)}</h1>
<p>${escaped(words)}</p>
<p>You can close this page.</p>
</html>
`;
}
