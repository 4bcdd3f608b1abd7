import { randomUUID } from 'node:crypto';
import { inject, vi } from 'vitest';
import type { StoreOptions } from '../src/store/index.ts';
import type {} from './shared-postgres.ts';

// What tests keep in memory is kept in a schema of its own in PostgreSQL.
vi.mock('../src/store/sqlite.ts', async (original) => {
  const { openPostgres } = await import('../src/store/postgres.ts');
  const openMemory = (_location: string, options: StoreOptions) => {
    const schema = `test_${randomUUID().replaceAll('-', '')}`;
    return openPostgres(inject('postgres').replace('SCHEMA', schema), { ...options, key: 'the key of the tests' });
  };
  return { ...(await original<object>()), openMemory };
});
