// Starting and stopping

// What it is made to do
export type { Clock } from './clock.ts';
export { FAULTS, type Fault, type FaultName, type FaultRule, type Faults } from './faults.ts';
export { createHarness, type Harness, type HarnessOptions, type RequestEntry } from './server.ts';
