import type { TestProject } from 'vitest/node';
import { type PostgresServer, startPostgres } from './postgres-server.ts';

let server: PostgresServer | undefined;

/** Starts one server for all test files of a run. */
export async function setup(project: TestProject): Promise<void> {
  server = await startPostgres(['fsync=off', 'max_connections=300']);
  project.provide('postgres', server.location('SCHEMA'));
}

export async function teardown(): Promise<void> {
  await server?.stop();
}

declare module 'vitest' {
  interface ProvidedContext {
    /** The address of a store in the schema SCHEMA. */
    postgres: string;
  }
}
