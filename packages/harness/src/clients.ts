import { ConnectorError } from '@connectorkit/sdk';
import {
  PLATFORMS,
  type Platform,
  type PlatformName,
  SEND_LIMITS,
  type Send,
  type SendLimits,
} from '@connectorkit/sdk/platforms';

const ROLES = ['registry', 'access', 'instances'] as const;
type Role = (typeof ROLES)[number];

type ClientOf<Make> = Make extends (...given: never) => infer Client ? Client : never;

/** The sdk's clients of a harness: by platform, and by the role that it plays. */
export type Clients = {
  readonly [Name in PlatformName]: {
    readonly [Each in Role & keyof (typeof PLATFORMS)[Name]]: ClientOf<(typeof PLATFORMS)[Name][Each]>;
  };
};

/** Clients of all platforms at one address. */
export function clientsAt(url: string, token: string, send: Send): Clients {
  const clients = Object.entries<Platform>(PLATFORMS).map(([name, platform]) => {
    const endpoint = { url: `${url}${platform.basePath}`, token, send };
    const played = ROLES.filter((role) => platform[role] !== undefined);
    return [name, Object.fromEntries(played.map((role) => [role, platform[role]?.(endpoint)]))];
  });
  return Object.fromEntries(clients);
}

/** Over the network, as any client. @param limits what a request may take with all that belongs to it */
export function overNetwork(limits: SendLimits = SEND_LIMITS): Send {
  return async ({ method, url, headers, body }) => {
    const signal = AbortSignal.timeout(limits.milliseconds);
    try {
      const init = { method, headers, redirect: 'manual', signal, ...(body === undefined ? {} : { body }) } as const;
      const response = await fetch(url, init);
      const text = await textOf(response, limits.bytes);
      return { status: response.status, headers: Object.fromEntries(response.headers), body: text };
    } catch (cause) {
      const reason = String((cause as { cause?: { message?: unknown } }).cause?.message ?? cause);
      const why = signal.aborted ? `no whole answer in ${limits.milliseconds / 1000} seconds` : reason;
      const message = `${new URL(url).origin} cannot be reached: ${why}.`;
      const hint = 'Check that the harness is running, and which faults are injected.';
      throw new ConnectorError('network', { code: 'origin/unreachable', message, hint }, { cause });
    }
  };
}

/** The body of an answer. @throws Error when it is too long; the rest is not received */
async function textOf({ body }: Response, largest: number): Promise<string> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of body ?? []) {
    size += part.length;
    if (size > largest) throw new Error(`the answer has more than ${largest} bytes`);
    parts.push(part);
  }
  return new TextDecoder().decode(Buffer.concat(parts));
}
