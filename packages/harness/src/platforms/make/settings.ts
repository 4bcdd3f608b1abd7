import type { Key, Reading } from '../../store/store.ts';

/** Readings of what is not known of Make; each row of the README says which. */
export interface Settings {
  /** How the checksum calls `installSpec`. */
  readonly install_spec_checksum: 'installSpec' | 'install_spec';
}

const DEFAULTS: Settings = { install_spec_checksum: 'installSpec' };

export const settingsKey: Key = ['make', 'settings'];

export async function settingsIn(tx: Reading): Promise<Settings> {
  return { ...DEFAULTS, ...(await tx.get<Partial<Settings>>(settingsKey)) };
}
