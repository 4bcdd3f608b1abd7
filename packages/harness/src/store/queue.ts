/** Somebody who waits for a turn. */
export interface Waiting {
  refuse(error: Error): void;
}

/** Works off jobs, in their order; never rejects. Calls `sign` whenever one of them is begun. */
export type RunJobs<Job> = (jobs: readonly Job[], sign: () => void) => Promise<void>;

/** Jobs worked off together at most, so that nobody else waits long for what they hold meanwhile. */
const AT_ONCE = 100;

/**
 * Hands on jobs in the order they came, and together those that came while the process read its sockets: a
 * transaction for fifty requests costs little more than one for each of them.
 *
 * A job that waits for a later job would wait for ever. Following who calls whom costs every await of the process
 * (AsyncLocalStorage makes them almost three times as slow), so the queue only looks whether it stands still: when
 * one job has been running for `patience` milliseconds, all that wait are rejected, which lets the first go on.
 */
export class Queue<Job extends Waiting> {
  readonly #work: RunJobs<Job>;
  readonly #patience: number;
  #waiting: Job[] = [];
  #state: 'idle' | 'called' | 'working' = 'idle';
  #signs = 0;
  #watch: NodeJS.Timeout | undefined;
  #whenIdle: (() => void)[] = [];

  constructor(work: RunJobs<Job>, patience = 5000) {
    this.#work = work;
    this.#patience = patience;
  }

  add(job: Job): void {
    this.#waiting.push(job);
    if (this.#state === 'idle') this.#call();
    // Jobs are seldom added while others are at work: most never leave the process to anybody else.
    else if (this.#state === 'working') this.#watch ??= this.#watchSigns();
  }

  /** Resolves when all jobs are done. */
  idle(): Promise<void> {
    if (this.#state === 'idle') return Promise.resolve();
    return new Promise((resolve) => this.#whenIdle.push(resolve));
  }

  #call(): void {
    this.#state = 'called';
    setImmediate(() => this.#start());
  }

  async #start(): Promise<void> {
    this.#state = 'working';
    const jobs = this.#waiting.splice(0, AT_ONCE);
    await this.#work(jobs, () => {
      this.#signs++;
    });
    if (this.#waiting.length > 0) return this.#call();
    this.#state = 'idle';
    clearTimeout(this.#watch);
    this.#watch = undefined;
    for (const resolve of this.#whenIdle.splice(0)) resolve();
  }

  #watchSigns(): NodeJS.Timeout {
    const signs = this.#signs;
    return setTimeout(() => {
      this.#watch = undefined;
      if (this.#signs !== signs) {
        if (this.#waiting.length > 0) this.#watch = this.#watchSigns();
        return;
      }
      const seconds = this.#patience / 1000;
      for (const each of this.#waiting.splice(0)) {
        each.refuse(
          new Error(`waited ${seconds} s for a transaction to end: was this one begun and awaited inside it?`),
        );
      }
    }, this.#patience);
  }
}
