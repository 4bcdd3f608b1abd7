import { timingSafeEqual } from 'node:crypto';
import { ConnectorError, type Diagnostic, lookUp, operationsOf } from '@connectorkit/sdk/emulator';
import express, { type ErrorRequestHandler, type Request, type RequestHandler, type Response } from 'express';
import { accessRoutes, type OperatorSurroundings } from './access/api.ts';
import { AWAY, awayBody } from './away.ts';
import { beginRoute, consoleRoutes } from './console/api.ts';
import { ConsoleSessions } from './console/sessions.ts';
import type { Control } from './control.ts';
import { customerRoutes } from './customers/api.ts';
import type { EventStream } from './event-stream.ts';
import { FAULTS } from './faults.ts';
import { isTooDeep } from './guards.ts';
import { callbackRoute, instanceRoutes } from './instances/api.ts';
import type { InstanceOutcome } from './instances/instances.ts';
import { type JournalSurroundings, journalRoutes } from './journal-api.ts';
import type { Platforms } from './platforms.ts';
import { seededNamed } from './seeded.ts';
import type { SpaceRoutes } from './spaces.ts';
import { spaceRoutes } from './spaces-api.ts';
import { isStoreFault, type Store } from './store/store.ts';

/** Bytes that the body of a request may have: the files of a large project. */
const BODY_LIMIT = 20_000_000;

/** How a refusal is reported, by its code or else by its kind; 500 is for what is a fault of ours. */
const STATUSES: Readonly<Record<string, number>> = {
  'harness/instance': 404,
  'harness/not-found': 404,
  ...{ usage: 400, findings: 422, refused: 409, conflict: 409 },
};

/** Parts of a harness that its own API works with. */
export interface ControlApiParts
  extends Pick<OperatorSurroundings, 'store' | 'askAs'>,
    Omit<JournalSurroundings, 'streams'> {
  readonly control: Control;
  readonly platforms: Platforms;
  readonly arrive: (query: URLSearchParams) => Promise<InstanceOutcome | undefined>;
  readonly controlToken: string;
  /** Kept whatever is reset or put back. */
  readonly registry: Store;
  /** Where other spaces can be managed. */
  readonly spaces: SpaceRoutes | undefined;
  readonly onFault: (fault: unknown) => void;
}

export interface ControlApi {
  readonly handle: express.Express;
  /** Ends the streams, which would go on for ever. */
  close(): void;
}

/**
 * The API below /__harness, where no platform's path can be. Contracts can be read by everybody on this machine, and
 * browsers come back to it from providers; anything else wants the control token, or a session of the console.
 */
export function controlApi(parts: ControlApiParts): ControlApi {
  const { control, platforms, arrive, controlToken, onFault } = parts;
  const own = express().disable('x-powered-by').disable('etag');
  const streams = new Set<EventStream>();
  const platformNamed = async (name: string) =>
    platforms.all.some((each) => each.name === name) ? platforms.named(name) : undefined;
  own.use((_request, response, next) => {
    response.set({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
    next();
  });
  own.get('/__harness/platforms/:name/openapi.json', async (request, response) => {
    const emulator = await platformNamed(request.params.name);
    if (emulator === undefined) nothingAt(request, response);
    else response.json(emulator.platform.contract);
  });
  own.get('/__harness/platforms/:name/operations', async (request, response) => {
    const emulator = await platformNamed(request.params.name);
    if (emulator === undefined) return nothingAt(request, response);
    const operations = [...operationsOf(emulator.platform.contract).values()];
    response.json({ operations: operations.map(({ id, method, path }) => ({ id, method, path })) });
  });
  own.get('/__harness/platforms/:name', async (request, response) => {
    const emulator = await platformNamed(request.params.name);
    if (emulator === undefined) nothingAt(request, response);
    // Loaded when asked for: the samples of all vendors are many.
    else response.json(await (await import('./evidence.ts')).evidenceOf(emulator.platform));
  });
  own.get('/__harness/platforms/:name/seed.schema.json', async (request, response) => {
    const seeded = await seededNamed(request.params.name, platformNamed);
    if (seeded === undefined) nothingAt(request, response);
    else response.json(seeded.seedSchema);
  });
  callbackRoute(own, arrive);
  const sessions = new ConsoleSessions(controlToken, parts.registry);
  beginRoute(own, sessions);
  own.use('/__harness', letIn(controlToken, sessions), onlyJson, express.json({ limit: BODY_LIMIT, verify: shallow }));
  state(own, control);
  settings(own, control);
  consoleRoutes(own, sessions);
  instanceRoutes(own, control.instances);
  const operators = { ...parts, platform: (name: string) => platforms.named(name) };
  accessRoutes(own, operators);
  customerRoutes(own, { ...operators, now: control.clock.now });
  journalRoutes(own, { ...parts, streams });
  if (parts.spaces !== undefined) spaceRoutes(own, parts.spaces);
  own.use(nothingAt);
  own.use(refused(onFault));
  return {
    handle: own,
    close: () => {
      for (const stream of streams) stream.end();
    },
  };
}

function nothingAt({ method, originalUrl }: Request, response: Response): void {
  response.status(404).json({ message: `The harness has no route ${method} ${originalUrl}.` });
}

/** Adds the routes that show the state. */
function state(own: express.Express, control: Control): void {
  own.post('/__harness/reset', async (_request, response) => {
    await control.reset();
    response.json({ reset: true });
  });
  own.post('/__harness/seed', async (request, response) => {
    const { platform, given, text, file, project, environment } = bodyOf(request);
    if (typeof text === 'string') {
      await control.seedText(String(platform), text, typeof file === 'string' ? file : 'the seed');
      return void response.json({ seeded: platform });
    }
    if (project === undefined) {
      await control.seed(platform as never, given as never);
      return void response.json({ seeded: platform });
    }
    const of = platform === undefined ? {} : { platform: String(platform) };
    const texts = { project: textsOf(project), environment: textsOf(environment ?? {}) };
    response.json(await control.seedProject({ ...texts, ...of }));
  });
  own.post('/__harness/tokens', async (request, response) => {
    const { platform, scopes, token } = bodyOf(request);
    const given = {
      ...(Array.isArray(scopes) ? { scopes: scopes.map(String) } : {}),
      ...(typeof token === 'string' && token !== '' ? { token } : {}),
    };
    response.status(201).json(await control.admit({ platform: String(platform), ...given }));
  });
  own.get('/__harness/snapshots', async (_request, response) => {
    response.json({ snapshots: await control.snapshots() });
  });
  own.put('/__harness/snapshots/:name', async (request, response) => {
    await control.snapshot(request.params.name);
    response.json({ snapshot: request.params.name });
  });
  own.post('/__harness/snapshots/:name/restore', async (request, response) => {
    await control.restore(request.params.name);
    response.json({ restored: request.params.name });
  });
  own.delete('/__harness/snapshots/:name', async (request, response) => {
    response.json({ deleted: await control.dropSnapshot(request.params.name) });
  });
}

/** Effect and purpose of each fault; without the code that does it. */
const EFFECTS = Object.entries(FAULTS).map(([name, { inject: _, ...facts }]) => ({ name, ...facts }));

/** How it runs. */
function settings(own: express.Express, { clock, faults }: Control): void {
  own.get('/__harness/clock', async (_request, response) => {
    const setting = await clock.setting();
    const frozen = setting !== undefined && 'frozen' in setting;
    response.json({ now: await clock.now(), real: setting === undefined, frozen });
  });
  own.put('/__harness/clock', async (request, response) => {
    const { now, frozen } = bodyOf(request);
    response.json({ now: await clock.set(String(now), { frozen: frozen === true }) });
  });
  own.post('/__harness/clock/advance', async (request, response) => {
    const { milliseconds } = bodyOf(request);
    response.json({ now: await clock.advance(typeof milliseconds === 'number' ? milliseconds : Number.NaN) });
  });
  own.delete('/__harness/clock', async (_request, response) => {
    response.json({ now: await clock.reset() });
  });
  own.get('/__harness/faults/effects', (_request, response) => {
    response.json({ effects: EFFECTS });
  });
  own.get('/__harness/faults', async (_request, response) => {
    response.json({ faults: await faults.list() });
  });
  own.post('/__harness/faults', async (request, response) => {
    response.status(201).json({ fault: await faults.add(bodyOf(request) as never) });
  });
  own.delete('/__harness/faults', async (_request, response) => {
    await faults.clear();
    response.json({ faults: [] });
  });
  own.delete('/__harness/faults/:id', async (request, response) => {
    response.json({ deleted: await faults.remove(Number(request.params.id)) });
  });
}

function bodyOf(request: Request): Readonly<Record<string, unknown>> {
  const { body } = request as { body?: unknown };
  return typeof body === 'object' && body !== null ? { ...body } : {};
}

/** Only texts, under their own names. */
function textsOf(value: unknown): Readonly<Record<string, string>> {
  const entries = Object.entries(typeof value === 'object' && value !== null ? value : {});
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}

function letIn(controlToken: string, sessions: ConsoleSessions): RequestHandler {
  const expected = Buffer.from(`Bearer ${controlToken}`);
  return (request, response, next) => {
    const given = Buffer.from(request.headers.authorization ?? '');
    if (given.length === expected.length && timingSafeEqual(given, expected)) return next();
    if (request.headers.authorization === undefined && sessions.admits(request)) return next();
    const message = 'This request requires the control token of the harness, as Authorization: Bearer.';
    response.status(401).set('www-authenticate', 'Bearer').json({ message });
  };
}

/** Forms of other pages can send texts, but no JSON. */
const onlyJson: RequestHandler = (request, response, next) => {
  const { 'content-length': length = '0', 'transfer-encoding': encoding } = request.headers;
  if ((length === '0' && encoding === undefined) || request.is('application/json')) return next();
  response
    .status(415)
    .json({ message: `The body must be application/json, not ${request.headers['content-type'] ?? 'untyped'}.` });
};

function shallow(_request: unknown, _response: unknown, bytes: Buffer): void {
  if (isTooDeep(bytes)) throw Object.assign(new Error('nested too deeply'), { status: 400 });
}

function refused(onFault: (fault: unknown) => void): ErrorRequestHandler {
  return (error, _request, response, _next) => {
    if (response.headersSent) return void response.destroy();
    if (isStoreFault(error)) {
      onFault(error);
      return void response.status(AWAY.status).set(AWAY.headers).json(awayBody());
    }
    if (error instanceof ConnectorError) {
      const { code, message } = error.diagnostics[0] as Diagnostic;
      return void response
        .status(lookUp(STATUSES, code) ?? lookUp(STATUSES, error.kind) ?? 400)
        .json({ message, diagnostics: error.diagnostics });
    }
    // Express’s own refusals of bodies and paths that cannot be read.
    const { status } = error as { status?: number };
    if (status !== undefined && status < 500) {
      return void response.status(status).json({ message: 'The request could not be read.' });
    }
    onFault(error);
    response.status(500).json({ message: 'The harness failed.' });
  };
}
