interface Waiting {
  start(): void;
  refuse(error: Error): void;
}

/**
 * Runs jobs one after another, in the order they came.
 *
 * A job that waits for a later job would wait for ever. Following who calls whom costs every await of the process
 * (AsyncLocalStorage makes them almost three times as slow), so the queue only looks whether it stands still: when
 * one job has been running for `patience` milliseconds, all that wait are rejected, which lets the first go on.
 */
export class Queue {
  readonly #patience: number;
  readonly #waiting: Waiting[] = [];
  #running = false;
  #turn = 0;
  #watch: NodeJS.Timeout | undefined;

  constructor(patience = 5000) {
    this.#patience = patience;
  }

  run<T>(job: () => Promise<T>): Promise<T> {
    if (!this.#running) return this.#start(job);
    return new Promise<T>((resolve, reject) => {
      this.#waiting.push({ start: () => resolve(this.#start(job)), refuse: reject });
      this.#watch ??= this.#watchTurn();
    });
  }

  async #start<T>(job: () => Promise<T>): Promise<T> {
    this.#running = true;
    this.#turn++;
    try {
      return await job();
    } finally {
      const next = this.#waiting.shift();
      this.#running = next !== undefined;
      if (next === undefined) {
        clearTimeout(this.#watch);
        this.#watch = undefined;
      } else {
        next.start();
      }
    }
  }

  #watchTurn(): NodeJS.Timeout {
    const turn = this.#turn;
    return setTimeout(() => {
      this.#watch = undefined;
      if (this.#turn !== turn) {
        this.#watch = this.#watchTurn();
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
