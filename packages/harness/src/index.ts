// Starting and stopping

// What it is made to do
export type { AkanaSeed, AnypointSeed, MakeSeed, ProviderSeed, Seeds, WorkatoSeed } from '#generated/seeds.js';
export type { AccessRole, ActionDetails, ContractFile, OfferedAction, QueuedContract } from './access/queue.ts';
export type { Clients } from './clients.ts';
export type { Clock } from './clock.ts';
export type { ConsoleLink } from './console/sessions.ts';
export type { Control, ProjectSeed, TokenRule } from './control.ts';
export type { Customer, CustomerConnection } from './customers/customers.ts';
export { FAULTS, type Fault, type FaultName, type FaultRule, type Faults } from './faults.ts';
export type {
  ConnectableConnection,
  ConnectInstanceOptions,
  ConnectionInstance,
  ConnectionRange,
  ConnectionSummaries,
  InstanceAuthorization,
  InstanceOutcome,
  Instances,
  ReauthorizeOptions,
} from './instances/instances.ts';
export type { InstanceTrace } from './instances/records.ts';
export type { PushedSection, PushedSections, SectionDifferences } from './instances/sections.ts';
export type { Journal, JournalEntry, JournalOptions, JournalSummary } from './journal.ts';
export type { JournalFilter } from './journal-filter.ts';
export type { ListenerLimits } from './listener.ts';
export type { RequestEntry } from './request-log.ts';
export { seedSchemaOf } from './seeded.ts';
export { createHarness, type Harness, type HarnessOptions } from './server.ts';
export type { ListedSpace, SpaceFacts, SpaceLimits, SpaceRoutes } from './spaces.ts';
