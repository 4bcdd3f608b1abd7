/**
 * Connections made of what vendors publish: OpenAPI descriptions, and the discovery documents of authorization servers.
 * The guide is docs/how-to/openapi.md.
 * @module @connectorkit/sdk/openapi
 *
 * @example
 * import { readFileSync } from 'node:fs';
 * import { describeConnections, readDescription } from '@connectorkit/sdk/openapi';
 *
 * const description = await readDescription(readFileSync('openapi.yaml', 'utf8'));
 * const { connections, questions } = describeConnections(description, { server: 'https://api.acme.com' });
 */

export type { Answers, Described, Imported, Mark, Question } from './connection.ts';
export { describeConnections } from './describe.ts';
export { type Description, readDescription } from './description.ts';
export {
  type Discovered,
  type DiscoveryOptions,
  discoverConnections,
  RESOURCE_DOCUMENT,
  readDiscovery,
  SERVER_DOCUMENTS,
  wellKnown,
} from './discovery.ts';
