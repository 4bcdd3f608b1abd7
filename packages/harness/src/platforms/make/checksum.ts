import { createHash } from 'node:crypto';
import { type MakeOperations, SECTIONS } from '@connectorkit/sdk';
import type { Behaviours } from '../../emulator.ts';
import type { Reading } from '../../store/store.ts';
import { appAt, type Connection, connectionsOf, sectionKey } from './records.ts';
import { settingsIn } from './settings.ts';

type Checksum = MakeOperations['getAppChecksum']['answer'];
type Sums = Checksum['accounts'][number]['checksum'];

export const behaviours: Pick<Behaviours<MakeOperations>, 'getAppChecksum'> = {
  getAppChecksum: async ({ path }, tx) => {
    const { name, label, description = null } = await appAt(path, tx);
    const { install_spec_checksum: installSpec } = await settingsIn(tx);
    const accounts = [];
    for (const connection of await connectionsOf(name, tx)) {
      accounts.push({ name: connection.name, checksum: await sumsOf(connection, { installSpec }, tx) });
    }
    const app = [{ name, checksum: { label: md5(label), description: md5(description) } }];
    return { body: { modules: [], rpcs: [], functions: [], accounts, hooks: [], app, endpoints: [] } };
  },
};

/** `renamed` has the sections that a checksum calls otherwise. */
async function sumsOf(connection: Connection, renamed: Readonly<Record<string, string>>, tx: Reading): Promise<Sums> {
  const sums: Sums = { label: md5(connection.label), type: md5(connection.type) };
  for (const { name, wire } of SECTIONS) {
    if (wire !== 'text') continue;
    const sum = md5(await tx.get<string>(sectionKey(connection.name, name)));
    const key = renamed[name] ?? name;
    sums[key] = sum;
    sums[`${key}_jsonc`] = sum;
  }
  return sums;
}

function md5(text: string | null | undefined): string | null {
  return text === null || text === undefined ? null : createHash('md5').update(text).digest('hex');
}
