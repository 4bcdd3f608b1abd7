import type {
  ConnectableConnection,
  ConnectionInstance,
  ConnectionSummaries,
  InstanceTrace,
  PushedSections,
  SectionDifferences,
} from '@connectorkit/harness';

/** Answers of the harness's API for connections that were pushed. */
export interface Answers {
  readonly connections: { readonly connections: readonly ConnectableConnection[] };
  readonly names: ConnectionSummaries;
  readonly connection: { readonly connection: ConnectableConnection };
  readonly sections: { readonly sections: PushedSections };
  readonly differences: { readonly differences: SectionDifferences };
  readonly instances: { readonly instances: readonly ConnectionInstance[] };
  readonly instance: { readonly instance: ConnectionInstance };
  readonly trace: { readonly trace: InstanceTrace | null };
  readonly snapshots: { readonly snapshots: readonly string[] };
}

/** The platform on which connections run. */
const PLATFORM = '/platforms/make';

/** Path of the API for connections, such as `pathOf('connections', 'shop', 'sections')`. */
export function pathOf(...parts: readonly string[]): string {
  return `${PLATFORM}/${parts.map(encodeURIComponent).join('/')}`;
}
