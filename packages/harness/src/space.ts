import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Activity } from './activity.ts';
import type { ControlApiParts } from './api.ts';
import { consolePages } from './console/pages.ts';
import { type Control, controlOf } from './control.ts';
import type { Emulation, Outgoing } from './emulate.ts';
import type { EmulatedPlatform, Emulator, Headers, Refusal } from './emulator.ts';
import { frontPage } from './front-page.ts';
import { identityOf } from './identity.ts';
import { inside } from './in-process-send.ts';
import type { Arrival, Arrivals } from './instances/arrivals.ts';
import type { InstanceOutcome } from './instances/instances.ts';
import type { InstanceSurroundings } from './instances/pushed-connections.ts';
import { RequestJournal } from './journal.ts';
import { emulationsOf } from './mounting.ts';
import { Platforms } from './platforms.ts';
import { isProviders } from './provider/endpoints.ts';
import { AGE } from './settings.ts';
import type { SpaceRoutes } from './spaces.ts';
import { isStoreFault, type Store } from './store/index.ts';

/** Store, tokens and settings of a space. */
export interface SpaceParts extends Pick<InstanceSurroundings, 'now' | 'address' | 'filesOf'> {
  readonly store: Store;
  /** Absent for the harness itself. */
  readonly name?: string;
  readonly activity: Activity;
  /** The platforms that it emulates. */
  readonly platforms: readonly EmulatedPlatform[];
  /** The token that may do everything on the platforms. */
  readonly token: string;
  /** The token of its own API. */
  readonly controlToken: string;
  readonly checkAnswers: boolean;
  readonly rateLimits: boolean;
  /** Entries of the journal. */
  readonly journalSize: number;
  readonly onFault: (fault: unknown) => void;
  /** The space whose local provider serves this one as well (default: its own). */
  readonly provider?: Space;
  /** Kept whatever is reset or put back, and shared by all spaces. */
  readonly registry: Store;
  readonly arrivals: Arrivals;
  /** Takes what a browser brought back to the space that waits for it. */
  readonly arrive: (query: URLSearchParams) => Promise<InstanceOutcome | undefined>;
  /** Manages the other spaces, where that can be done. */
  readonly spaces?: SpaceRoutes;
}

/** All that works on one store: platforms, provider, journal, connections that run, and the API that controls them. */
export interface Space {
  /** Absent for the harness itself. */
  readonly name?: string | undefined;
  readonly control: Control;
  readonly journal: RequestJournal;
  /** Tells of a fault of the harness, without the secrets of this space. */
  readonly onFault: (fault: unknown) => void;
  /** The handler of a URL of a platform or of the provider. */
  at(url: string): Emulation | Promise<Emulation>;
  /** Refuses a request to a platform or the provider; the store is not asked. */
  refused(method: string, url: string, refusal: Refusal): Promise<Outgoing>;
  /** Answers a request to the harness's own paths. */
  own(request: IncomingMessage, response: ServerResponse): Promise<unknown>;
  /** Goes on with what a browser was waited for; undefined when it is not waited for, or no longer. */
  arrive(arrival: Arrival, query: URLSearchParams): Promise<InstanceOutcome | undefined>;
  /** Ends what would go on for ever: event streams, and requests that wait for a browser. */
  drain(): void;
  /** Ends what runs as well. */
  close(): Promise<void>;
}

export function openSpace(parts: SpaceParts): Space {
  const { store, token, controlToken, now, address, filesOf, checkAnswers, rateLimits } = parts;
  // What is known to be secret may stand in the message of a fault.
  const onFault = (fault: unknown) => parts.onFault(withoutSecrets(fault, journal.redaction));
  const platforms = new Platforms(
    parts.platforms,
    (emulator) => store.write((tx) => emulator.admit(tx, token)),
    () => store.read((tx) => tx.get<string>(AGE)),
  );
  // Another process may have put everything back, and knows no token but its own.
  const readmitted = async (emulator: Emulator, headers: Headers) =>
    Object.values(headers).some((value) => String(value).includes(token)) && platforms.again(emulator);
  const emulations = emulationsOf(platforms, { store, now, checkAnswers, rateLimits, onFault, readmitted });
  const journal = new RequestJournal(store, parts.journalSize, onFault, parts.activity);
  const learn = (value: unknown) => journal.redaction.learn(value);
  learn([token, controlToken]);
  const provider = once(async () => {
    const { openProvider } = await import('./provider/index.ts');
    return openProvider({ store, now, learn, onFault });
  });
  const running = instancesOf({
    ...{ store, now, learn, address, filesOf, arrivals: parts.arrivals, space: parts.name },
    register: (scopes) => (parts.provider?.control ?? control).seed('provider', { scopes }),
    platform: (name) => platforms.named(name),
  });
  const control = controlOf({
    ...{ store, platforms, journal, now, token, send: inside(emulations) },
    instances: running.at,
  });
  const at: Space['at'] = (url) => {
    if (!isProviders(url)) return emulations.at(url);
    return parts.provider?.at(url) ?? provider.get();
  };
  const { activity, arrive, registry } = parts;
  const apiParts = {
    activity,
    registry,
    control,
    store,
    platforms,
    journal,
    controlToken,
    onFault,
    arrive,
    spaces: parts.spaces,
  };
  const api = once(() => ownApi(apiParts, at, token));
  const [front, identity] = [frontPage(platforms.all), identityOf(platforms.all, controlToken)];
  return {
    ...{ name: parts.name, control, journal, at, onFault },
    refused: async (method, url, refusal) =>
      isProviders(url)
        ? (await provider.get()).refused(method, url, refusal)
        : emulations.refused(method, url, refusal),
    arrive: running.arrive,
    // What does not need Express stands before it.
    own: async (request, response) =>
      front(request, response) ||
      identity(request, response) ||
      (await consolePages(request, response)) ||
      (await api.get()).handle(request, response),
    drain: () => {
      api.loaded()?.then((each) => each.close(), onFault);
      running.drain();
    },
    close: running.close,
  };
}

/** The harness's own API, which is loaded when it is asked for. */
async function ownApi(parts: Omit<ControlApiParts, 'askAs' | 'replay'>, at: Space['at'], token: string) {
  const [{ controlApi }, { roleRequests }, { replayOf }] = await Promise.all([
    import('./api.ts'),
    import('./as-role.ts'),
    import('./replay.ts'),
  ]);
  const { control, platforms, journal } = parts;
  const isPlatform = (name: string) => platforms.all.some((each) => each.name === name);
  return controlApi({
    ...parts,
    askAs: roleRequests({ journal, at, admit: control.admit }),
    replay: replayOf({ journal, at, token, isPlatform }),
  });
}

/** The keeper of instances, which is loaded when something is to be run: it brings what validates and what sends. */
function instancesOf(surroundings: InstanceSurroundings) {
  const keeper = once(async () => {
    const { InstanceKeeper } = await import('./instances/keeper.ts');
    return new InstanceKeeper(surroundings);
  });
  return {
    at: async (platform: string) => (await keeper.get()).at(platform),
    arrive: async (arrival: Arrival, query: URLSearchParams) => (await keeper.get()).arrive(arrival, query),
    drain: () => void keeper.loaded()?.then((each) => each.drain()),
    close: async () => (await keeper.loaded())?.close(),
  };
}

/** Loads when it is first asked for: Express is half of a start, and the provider is more than one. */
function once<T>(load: () => Promise<T>) {
  let loaded: Promise<T> | undefined;
  return {
    get: () => {
      loaded ??= load();
      return loaded;
    },
    loaded: () => loaded,
  };
}

/** A fault with what is known to be secret left out of its message and its stack; itself where nothing is. */
function withoutSecrets(fault: unknown, redaction: RequestJournal['redaction']): unknown {
  // One error for all who are told that the store is away; it holds nothing of theirs.
  if (!(fault instanceof Error) || isStoreFault(fault)) return fault;
  const { message, stack = '' } = fault;
  const [words, lines] = [redaction.text(message), redaction.text(stack)];
  if (words === message && lines === stack) return fault;
  return Object.assign(new Error(words), { name: fault.name, stack: lines });
}
