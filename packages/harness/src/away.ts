import type { Diagnostic } from '@connectorkit/sdk/emulator';
import { Refusal } from './emulator.ts';
import { isStoreFault } from './store/store.ts';

/** Answer to requests while the store cannot be used; nothing of its address is in it. */
export const AWAY = {
  status: 503,
  headers: { 'retry-after': '5' },
  message: 'The store of the harness cannot be reached at the moment.',
} as const;

/** The same as the harness's own API answers it. */
export function awayBody(): { readonly message: string; readonly diagnostics: readonly Diagnostic[] } {
  const { message } = AWAY;
  const hint = 'Try again in some seconds; the log of the harness names the cause.';
  return { message, diagnostics: [{ code: 'harness/store', severity: 'error', message, hint }] };
}

/** How a platform answers a fault of the harness: one of the store may be over soon. */
export function refusalFor(fault: unknown): Refusal {
  if (!isStoreFault(fault)) return new Refusal('internal', 'The harness failed.');
  return new Refusal('internal', AWAY.message, { status: AWAY.status, headers: AWAY.headers });
}

/** Tells of faults; of a store that is away once, whatever fails meanwhile. */
export function onceAway(listeners: readonly ((fault: unknown) => void)[]): (fault: unknown) => void {
  let told: unknown;
  return (fault) => {
    if (isStoreFault(fault)) {
      if (fault === told) return;
      told = fault;
    }
    for (const each of listeners) each(fault);
  };
}
