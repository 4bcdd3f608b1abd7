// Starting and stopping
export { createHarness, type Harness, type HarnessOptions, type RequestEntry } from './server.ts';
