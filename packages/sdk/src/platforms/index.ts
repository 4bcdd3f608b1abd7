/**
 * The platforms that connections live on: their clients, their operations, and what each can take of a connection. One
 * vendor alone, with the types of its operations, is an entry such as `@connectorkit/sdk/platforms/make`.
 * @module @connectorkit/sdk/platforms
 */

import { akana } from './akana/index.ts';
import { anypoint } from './anypoint/index.ts';
import { make } from './make/index.ts';
import type { Platform } from './platform.ts';
import { workato } from './workato/index.ts';

/** Every platform the sdk speaks to, by name. */
export const PLATFORMS = { make, akana, workato, anypoint } as const satisfies Readonly<Record<string, Platform>>;

/** The name of a platform: a key of `PLATFORMS`. */
export type PlatformName = keyof typeof PLATFORMS;

/** Platforms, and where they are reached */

export type { Account, Endpoint, Platform } from './platform.ts';
export { type Portability, portability } from './portability.ts';

/** Connections that are defined on a platform */

export type { Registry, RemoteApp, RemoteConnection } from './platform.ts';

/** Access to APIs: who asks, who decides, what is granted */

export type {
  Access,
  AccessAction,
  AccessContract,
  AccessDetails,
  AccessFilter,
  AccessRequest,
  ApplicationCredentials,
  ContractState,
} from './platform.ts';

/** Customers' own connections */

export { expectUnchanged } from './expect-unchanged.ts';
export type { Instance, InstanceChange, InstanceFilter, Instances } from './platform.ts';

/** Requests */

export { type PaceOptions, paced } from './pace.ts';
export { type HttpRequest, type HttpResponse, SEND_LIMITS, type Send, type SendLimits } from './platform.ts';

/** Operations, as a vendor describes them */

export { type CallParts, contractClient, type OperationTypes } from './client.ts';
export type { Exchange, ExchangeVariant } from './exchange.ts';
export { type Contract, type Operation, operationsOf } from './operations.ts';
export type { Validator, Validators } from './platform.ts';
