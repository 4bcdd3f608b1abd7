import { ConnectorError } from '@connectorkit/sdk';
import type { Context, Result } from '../command.ts';
import { connect } from '../commands/connect.ts';
import { runCommand } from './tool.ts';

/** Seconds in which a person has to sign in. */
const PATIENCE = 600;
/** Seconds that one call waits at most: clients give a call up after a minute. */
const WAIT = 45;

type ConnectInput = Parameters<typeof runCommand<typeof connect>>[1];

interface SignIn {
  readonly url: string;
  readonly running: Promise<Result>;
  /** Ends it. */
  readonly controller: AbortController;
}

/**
 * Connections with a real API in which a person signs in. A call of a tool is too short for that: the first call gives the
 * address to open, further ones ask how it went.
 */
export class SignIns {
  readonly #server: Context;
  readonly #waiting = new Map<string, SignIn>();
  #count = 0;

  /** @param server surroundings that last as long as the server */
  constructor(server: Context) {
    this.#server = server;
  }

  /** Connects, or gives the address that a person has to open. The port is free for it: what waited so far is given up. */
  async start(context: Context, input: ConnectInput): Promise<Result> {
    await this.#giveUp();
    const controller = new AbortController();
    const cancel = () => controller.abort();
    context.signal.addEventListener('abort', cancel, { once: true });
    let running: Promise<Result> | undefined;
    const url = await new Promise<string | undefined>((resolve, reject) => {
      const signal = AbortSignal.any([this.#server.signal, controller.signal]);
      const openBrowser = async (address: string) => {
        context.permit(address);
        resolve(address);
        return false;
      };
      running = runCommand(connect, { ...input, timeout: PATIENCE }, { ...context, signal, openBrowser });
      running.then(() => resolve(undefined), reject);
    });
    // The person takes longer than the call.
    context.signal.removeEventListener('abort', cancel);
    if (running === undefined || url === undefined) return connected((await running) ?? {});
    this.#count += 1;
    const id = `sign-in-${this.#count}`;
    this.#waiting.set(id, { url, running, controller });
    return waits(id, url);
  }

  /**
   * Waits until the person has signed in, or a while.
   * @throws ConnectorError usage `mcp/unknown-sign-in`; what connecting throws
   */
  async finish(context: Context, id: string): Promise<Result> {
    const waiting = this.#waiting.get(id);
    if (waiting === undefined) {
      throw new ConnectorError('usage', {
        code: 'mcp/unknown-sign-in',
        message: `No sign-in ${JSON.stringify(id)} is waiting.`,
        hint: 'Start one with the tool connect; a sign-in ends with its result, and when another one starts.',
        found: id,
      });
    }
    let timer: NodeJS.Timeout | undefined;
    const later = new Promise<undefined>((resolve) => {
      const end = () => resolve(undefined);
      timer = setTimeout(end, WAIT * 1000);
      context.signal.addEventListener('abort', end, { once: true });
    });
    try {
      const result = await Promise.race([waiting.running, later]);
      if (result === undefined) return waits(id, waiting.url);
      this.#waiting.delete(id);
      return connected(result);
    } catch (error) {
      this.#waiting.delete(id);
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  async #giveUp(): Promise<void> {
    const signIns = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { controller } of signIns) controller.abort();
    await Promise.allSettled(signIns.map(({ running }) => running));
  }
}

/** The result of a connection, in the shape in which a waiting one is answered as well. */
export function connected(result: Result): Result {
  const status = result.diagnostics?.some(({ severity }) => severity === 'error') ? 'failed' : 'connected';
  return { ...result, data: { status, ...(result.data as object) } };
}

function waits(id: string, url: string): Result {
  return {
    data: { status: 'waiting', signIn: id, url },
    summary: `A person has to open this address and sign in: ${url}. Then call finish_connect with ${id}.`,
  };
}
