import type { Input } from './context.ts';

const CTRL_C = '\u0003';

/** Actions by the key that starts them. */
export type KeyActions = ReadonlyMap<string, () => void>;

/**
 * Runs actions when their keys are pressed in a terminal, until the signal says stop. Ctrl-C still interrupts.
 * @returns false where the input is no terminal, which then is left alone
 */
export function followKeys(input: Input, actions: KeyActions, interrupt: () => void, signal: AbortSignal): boolean {
  if (input.isTTY !== true || input.setRawMode === undefined || signal.aborted) return false;
  const pressed = (bytes: Buffer | string) => {
    for (const key of String(bytes)) {
      if (key === CTRL_C) interrupt();
      else actions.get(key.toLowerCase())?.();
    }
  };
  input.setRawMode(true);
  input.on('data', pressed).resume();
  signal.addEventListener(
    'abort',
    () => {
      input.off('data', pressed).pause();
      input.setRawMode?.(false);
    },
    { once: true },
  );
  return true;
}
