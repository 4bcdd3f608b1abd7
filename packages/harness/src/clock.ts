import { ConnectorError } from '@connectorkit/sdk/emulator';
import { changeSettings, SETTINGS, type Settings, settings } from './settings.ts';
import type { ReadTransaction, Store } from './store/store.ts';

/** How the harness's time differs from the real one. */
export type ClockSetting =
  /** Milliseconds that it is ahead; negative when it is behind. */
  | { readonly ahead: number }
  /** Milliseconds since 1970 at which it stands still. */
  | { readonly frozen: number };

/** Clock of the platforms; the same for every process on the store. */
export interface Clock {
  now(): Promise<Date>;
  /** How it differs from real time; undefined when it does not. */
  setting(): Promise<ClockSetting | undefined>;
  /** Moves it to a moment, from which it runs on, or stands still when it is `frozen`. */
  set(moment: Date | string, options?: { readonly frozen?: boolean }): Promise<Date>;
  /** Moves it on; back when negative. Whether it runs or stands still stays. */
  advance(milliseconds: number): Promise<Date>;
  /** Real time again. */
  reset(): Promise<Date>;
}

/** The time that a setting makes of the real one. */
export function timeOf(setting: ClockSetting | undefined, real: Date): Date {
  if (setting === undefined) return real;
  return new Date('frozen' in setting ? setting.frozen : real.getTime() + setting.ahead);
}

/** The time of the harness at the moment of a transaction. */
export async function timeIn(tx: ReadTransaction, real: Date): Promise<Date> {
  return timeOf((await tx.get<Settings>(SETTINGS))?.clock, real);
}

/** @throws ConnectorError usage `harness/clock` for what is no moment, from every method that takes one */
export function clockOf(store: Store, real: () => Date): Clock {
  const change = (next: (before: ClockSetting | undefined) => ClockSetting | undefined): Promise<Date> =>
    changeSettings(store, ({ clock, ...others }) => {
      const setting = next(clock);
      const given = timeOf(setting, real());
      if (Number.isNaN(given.getTime())) throw noMoment(String(given));
      return { after: { ...others, ...(setting === undefined ? {} : { clock: setting }) }, given };
    });
  return {
    setting: async () => (await settings(store)).clock,
    now: async () => timeOf((await settings(store)).clock, real()),
    set: async (moment, { frozen = false } = {}) => {
      const milliseconds = new Date(moment).getTime();
      if (Number.isNaN(milliseconds)) throw noMoment(String(moment));
      return change(() => (frozen ? { frozen: milliseconds } : { ahead: milliseconds - real().getTime() }));
    },
    advance: (milliseconds) =>
      change((before) => {
        if (before !== undefined && 'frozen' in before) return { frozen: before.frozen + milliseconds };
        return { ahead: (before?.ahead ?? 0) + milliseconds };
      }),
    reset: () => change(() => undefined),
  };
}

function noMoment(found: string): ConnectorError {
  return new ConnectorError('usage', {
    code: 'harness/clock',
    message: `${JSON.stringify(found)} is not a valid time.`,
    hint: 'Write it as in 2026-01-31T12:00:00Z, within the range of JavaScript dates.',
    found,
  });
}
