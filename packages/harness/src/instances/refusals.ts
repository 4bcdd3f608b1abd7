import { ConnectorError, nearest } from '@connectorkit/sdk/emulator';
import type { ConnectionInstance } from './instances.ts';

/** Something of this name is not there. */
export function unknown(what: string, found: string, names: readonly string[]): ConnectorError {
  const meant = nearest(found, names);
  const all = names.length === 0 ? 'There are none yet.' : `Choose one of ${names.join(', ')}.`;
  return new ConnectorError('usage', {
    code: 'harness/instance',
    message: `There is no ${what} ${JSON.stringify(found)} in the harness.`,
    hint: meant === undefined ? all : `Did you mean ${meant}?`,
    found,
  });
}

/** An instance that cannot be run yet, or never was connected. */
export function notConnected({ id, status }: Pick<ConnectionInstance, 'id' | 'status'>): ConnectorError {
  const why = status === 'waiting' ? 'still waits for the browser' : 'was not connected';
  return new ConnectorError('refused', {
    code: 'harness/not-connected',
    message: `${id} ${why}, so it cannot be run.`,
    hint: status === 'waiting' ? 'Finish in the browser.' : 'Its trace shows the reason; connect again.',
    found: id,
  });
}

/** A browser was sent somewhere else than the run would send it now: it was begun by another version. */
export function otherVisit(): ConnectorError {
  return new ConnectorError('network', {
    code: 'connect/no-callback',
    message: 'The harness was updated while the browser was away.',
    hint: 'Connect again.',
  });
}

/** The harness ended before a run did. */
export function stopped(): ConnectorError {
  return new ConnectorError('network', {
    code: 'harness/not-running',
    message: 'The harness was stopped before the run ended.',
    hint: 'Start it, and run the connection again.',
  });
}

/** Signing in without a browser at a real vendor. */
export function headlessElsewhere(): ConnectorError {
  return new ConnectorError('usage', {
    code: 'usage/arguments',
    message: 'headless requires local: only the local provider supports sign-in without a browser.',
    hint: 'Add local, or open the returned address in a browser.',
  });
}
