import { type Send } from '@connectorkit/sdk';
/** A `Send` over undici, which is loaded with the first request. Honours HTTP_PROXY, HTTPS_PROXY and NO_PROXY, never for this machine. */
export declare function createSend(
  signal: AbortSignal,
  environment: Readonly<Record<string, string | undefined>>,
): Send;
//# sourceMappingURL=send.d.ts.map
