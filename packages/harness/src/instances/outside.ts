import { type HttpAnswer, type Transport, TransportError, type TransportFailure } from '@connectorkit/sdk/runtime';

/** Everything that a run takes from outside of it. */
export interface Outside {
  readonly now: () => Date;
  readonly chance: (bytes: number) => Uint8Array;
  readonly transport: Transport;
}

/** Values that a run has taken from outside so far, as JSON: with it, it can be run to the same point again. */
export interface Taken {
  /** Milliseconds since 1970. */
  readonly times: readonly number[];
  /** In base64. */
  readonly chance: readonly string[];
  readonly answers: readonly TakenAnswer[];
}

type TakenAnswer =
  | { readonly status: number; readonly headers: HttpAnswer['headers']; readonly body: string }
  | { readonly failure: TransportFailure; readonly message: string };

/** The same, which remembers what was taken. */
export function remembering({ now, chance, transport }: Outside): Outside & { taken(): Taken } {
  const times: number[] = [];
  const bytes: string[] = [];
  const answers: TakenAnswer[] = [];
  return {
    now: () => {
      const time = now();
      times.push(time.getTime());
      return time;
    },
    chance: (length) => {
      const given = chance(length);
      bytes.push(Buffer.from(given).toString('base64'));
      return given;
    },
    transport: async (call) => {
      try {
        const answer = await transport(call);
        answers.push({ ...answer, body: Buffer.from(answer.body).toString('base64') });
        return answer;
      } catch (error) {
        if (error instanceof TransportError) answers.push({ failure: error.failure, message: error.message });
        throw error;
      }
    },
    taken: () => ({ times: [...times], chance: [...bytes], answers: [...answers] }),
  };
}

/** The same again: first what was taken before, then what comes from outside. No request of then is sent twice. */
export function repeating(taken: Taken, { now, chance, transport }: Outside): Outside {
  const times = taken.times.values();
  const bytes = taken.chance.values();
  const answers = taken.answers.values();
  return {
    now: () => {
      const { value } = times.next();
      return value === undefined ? now() : new Date(value);
    },
    chance: (length) => {
      const { value } = bytes.next();
      return value === undefined ? chance(length) : Buffer.from(value, 'base64');
    },
    transport: async (call) => {
      const { value } = answers.next();
      if (value === undefined) return transport(call);
      if ('failure' in value) throw new TransportError(value.failure, value.message);
      return { ...value, body: Buffer.from(value.body, 'base64') };
    },
  };
}
