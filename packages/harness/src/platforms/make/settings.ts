import type { Key, ReadTransaction } from '../../store/store.ts';

/** Readings of what is not known of Make; each row of the README says which. */
export interface Settings {
  /** True if the user may choose the names of apps; otherwise six characters are put behind them. */
  readonly allow_apps: boolean;
  /** Whose limit holds for the organization; null for none. */
  readonly plan: Plan | null;
  /** How long a deleted connection can still be read and listed, by the harness's clock. */
  readonly deletion_seconds: number;
  /** Which number the next connection has: the highest that there is and one, or one that none ever had. */
  readonly connection_numbers: 'highest' | 'never_again';
  /** True if the server's JSON with comments may have a comma behind the last element. */
  readonly trailing_commas: 'accepted' | 'refused';
  /** True if `common` of an approved app can be read; otherwise its values are masked. */
  readonly approved_common: 'shown' | 'masked';
  /** How the checksum calls `installSpec`. */
  readonly install_spec_checksum: 'installSpec' | 'install_spec';
}

/** Requests a minute by plan. Sources: Make's documentation, and for `free` the limit that Make itself named. */
export const PLANS = { free: 30, core: 60, pro: 120, teams: 240, enterprise: 1000 } as const;

type Plan = keyof typeof PLANS;

const DEFAULTS: Settings = {
  allow_apps: false,
  plan: null,
  deletion_seconds: 0,
  connection_numbers: 'highest',
  trailing_commas: 'accepted',
  approved_common: 'shown',
  install_spec_checksum: 'installSpec',
};

export const settingsKey: Key = ['make', 'settings'];

export async function settingsIn(tx: ReadTransaction): Promise<Settings> {
  return { ...DEFAULTS, ...(await tx.get<Partial<Settings>>(settingsKey)) };
}
