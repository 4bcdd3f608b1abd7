import { setTimeout as sleep } from 'node:timers/promises';
import { ConnectorError } from '@connectorkit/sdk/emulator';
import { isAnswerTo } from '@connectorkit/sdk/runtime';
import type { ConnectionInstance, InstanceAuthorization, InstanceOutcome } from './instances.ts';

/** Milliseconds for which a browser is waited for. */
const PATIENCE = 600_000;
/** Attempts that failed and are still told of; the oldest are forgotten first. */
const REMEMBERED = 100;

/** One try to connect something, from the moment on when it has an id. */
export class Attempt {
  readonly platform: string;
  instance: ConnectionInstance;
  /** Outcome of an attempt that failed. */
  outcome: InstanceOutcome | undefined;
  ended: Promise<InstanceOutcome> | undefined;
  #url: string | undefined;
  #arrive: (query: URLSearchParams) => void = () => {};
  #stop: (error: Error) => void = () => {};
  #sent: (authorization: InstanceAuthorization) => void = () => {};
  /** Resolves with the address for the browser, once that is known. */
  readonly sent: Promise<InstanceAuthorization>;
  readonly #redirectUri: string;
  /** True if an instance is stored under its id, which holds until the attempt succeeds. */
  readonly isStored: boolean;

  constructor(platform: string, instance: ConnectionInstance, redirectUri: string, isStored: boolean) {
    this.platform = platform;
    this.instance = instance;
    this.isStored = isStored;
    this.#redirectUri = redirectUri;
    this.sent = new Promise((resolve) => {
      this.#sent = resolve;
    });
  }

  /** Waits until a browser comes back from an address. @throws ConnectorError network `connect/no-callback` */
  async wait(url: string): Promise<URLSearchParams> {
    let timer: NodeJS.Timeout | undefined;
    this.#url = url;
    const until = new Date(Date.now() + PATIENCE).toISOString();
    try {
      return await new Promise<URLSearchParams>((resolve, reject) => {
        this.#arrive = resolve;
        this.#stop = reject;
        timer = setTimeout(() => reject(notBack(`within ${PATIENCE / 60_000} minutes`)), PATIENCE);
        timer.unref();
        this.#sent({ url, redirectUri: this.#redirectUri, until });
      });
    } finally {
      clearTimeout(timer);
      this.#url = undefined;
    }
  }

  /** True if a query belongs to this attempt, which then goes on with it. */
  takes(query: URLSearchParams): boolean {
    if (this.#url === undefined || !isAnswerTo(this.#url, query)) return false;
    // Once: a second browser with the same answer is nobody's.
    this.#url = undefined;
    this.#arrive(query);
    return true;
  }

  /** Waits until it has ended, and no longer than so many milliseconds. */
  async settled(milliseconds: number): Promise<void> {
    if (this.ended === undefined || milliseconds <= 0) return;
    const done = new AbortController();
    const patience = sleep(milliseconds, undefined, { ref: false, signal: done.signal });
    await Promise.race([this.ended, patience]).catch(() => {});
    done.abort();
    await patience.catch(() => {});
  }

  stop(): void {
    this.#stop(notBack('before it was no longer waited for'));
  }
}

/** The attempts of a harness that are under way, and those that failed. They end with the process. */
export class Attempts {
  readonly #all = new Map<string, Attempt>();

  /** @param isStored true if the instance is connected already, and is to be connected again */
  begin(platform: string, instance: ConnectionInstance, redirectUri: string, isStored = false): Attempt {
    const attempt = new Attempt(platform, instance, redirectUri, isStored);
    this.#all.set(instance.id, attempt);
    return attempt;
  }

  get(id: string): Attempt | undefined {
    return this.#all.get(id);
  }

  /** The instances of a platform that are not stored. */
  all(platform: string): ConnectionInstance[] {
    const all = [...this.#all.values()].filter((each) => each.platform === platform && !each.isStored);
    return all.map(({ instance }) => instance);
  }

  /** Gives how an attempt ended, or where the browser has to go for it, whichever comes first. */
  async follow(attempt: Attempt, ended: Promise<InstanceOutcome>): Promise<InstanceOutcome> {
    let isSent = false;
    attempt.ended = ended.then(
      (outcome) => {
        if (outcome.problem !== undefined && isSent && !attempt.isStored) return this.#failed(attempt, outcome);
        this.#remove(attempt);
        return outcome;
      },
      (error) => {
        this.#remove(attempt);
        throw error;
      },
    );
    // Whoever has brought the answer back is told as well.
    attempt.ended.catch(() => {});
    const sent = attempt.sent.then((authorization): InstanceOutcome => {
      isSent = true;
      return { instance: attempt.instance, authorization };
    });
    return Promise.race([attempt.ended, sent]);
  }

  #failed(attempt: Attempt, { problem, ...outcome }: InstanceOutcome): InstanceOutcome {
    if (problem === undefined) return outcome;
    attempt.instance = { ...attempt.instance, status: 'failed', problem };
    attempt.outcome = { ...outcome, instance: attempt.instance, problem };
    const failed = [...this.#all.values()].filter((each) => each.outcome !== undefined);
    for (const each of failed.slice(0, -REMEMBERED)) this.#remove(each);
    return attempt.outcome;
  }

  #remove(attempt: Attempt): void {
    const { id } = attempt.instance;
    if (this.#all.get(id) === attempt) this.#all.delete(id);
  }

  arrive(query: URLSearchParams): Promise<InstanceOutcome> | undefined {
    return [...this.#all.values()].find((each) => each.takes(query))?.ended;
  }

  /** Returns whether there was one. */
  drop(id: string): boolean {
    const attempt = this.#all.get(id);
    this.#all.delete(id);
    attempt?.stop();
    return attempt !== undefined;
  }

  end(): void {
    for (const id of [...this.#all.keys()]) this.drop(id);
  }
}

function notBack(when: string): ConnectorError {
  return new ConnectorError('network', {
    code: 'connect/no-callback',
    message: `The browser did not return ${when}.`,
    hint: 'Connect again. If the provider shows an error, register the redirect URI with it.',
  });
}
