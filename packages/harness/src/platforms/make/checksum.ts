import { createHash } from 'node:crypto';
import { SECTIONS } from '@connectorkit/sdk/emulator';
import type { Operations } from '@connectorkit/sdk/platforms/make';
import type { Behaviours } from '../../emulator.ts';
import type { ReadTransaction } from '../../store/store.ts';
import { appAt, type Connection, connectionsOf, docsKey, sectionKey } from './records.ts';
import { settingsIn } from './settings.ts';

type Checksum = Operations['getAppChecksum']['answer'];
type Sums = Checksum['accounts'][number]['checksum'];

export const behaviours: Pick<Behaviours<Operations>, 'getAppChecksum'> = {
  getAppChecksum: async ({ path, now }, tx) => {
    const { name, label, description } = await appAt(path, tx);
    const { install_spec_checksum: installSpec } = await settingsIn(tx);
    const accounts = [];
    for (const connection of await connectionsOf(name, now, tx)) {
      accounts.push({ name: connection.name, checksum: await sumsOf(connection, { installSpec }, tx) });
    }
    const sums: Sums = { label: md5(label), description: md5(description), content: md5(await tx.get(docsKey(name))) };
    for (const { key, value } of await tx.list<string>(['make', 'app-sections', name])) {
      addSection(sums, String(key.at(-1)), value, { installSpec });
    }
    const app = [{ name, checksum: sums }];
    return { body: { modules: [], rpcs: [], functions: [], accounts, hooks: [], app, endpoints: [] } };
  },
};

type Renamed = Readonly<Record<string, string>>;

async function sumsOf(connection: Connection, renamed: Renamed, tx: ReadTransaction): Promise<Sums> {
  const sums: Sums = { label: md5(connection.label), type: md5(connection.type) };
  for (const { name, wire } of SECTIONS) {
    if (wire === 'text') addSection(sums, name, await tx.get(sectionKey(connection.name, name)), renamed);
  }
  return sums;
}

/** `renamed` has the sections that a checksum calls otherwise. */
function addSection(sums: Sums, section: string, text: string | undefined, renamed: Renamed): void {
  const name = renamed[section] ?? section;
  const sum = md5(text);
  sums[name] = sum;
  sums[`${name}_jsonc`] = sum;
}

function md5(text: string | null | undefined): string | null {
  return text === null || text === undefined ? null : createHash('md5').update(text).digest('hex');
}
