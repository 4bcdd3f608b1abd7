import { ConnectorError, type Diagnostic } from '@connectorkit/sdk';
import { type Outcome, type Trace, traceLines } from '@connectorkit/sdk/runtime';
import type { Result } from './command.ts';
import type { Connected } from './local-state/connected.ts';
import type { Recorded } from './recorder.ts';

/** How a run that failed is shown: its problem at the line that it comes from, and the trace up to there. */
export function failed({ problem, trace }: Pick<Outcome, 'problem' | 'trace'>, all: boolean): Result {
  return {
    data: { trace },
    lines: linesOf(trace, all),
    diagnostics: problem === undefined ? [] : [problem],
  };
}

/** The command that helps where an API accepts a connection no longer; none for other problems. */
export function remedies({ code }: Diagnostic, reauthorize: string): readonly string[] {
  return code === 'run/refused' ? [reauthorize] : [];
}

/** A connection that is to be connected again. */
type Reauthorized = Pick<Connected, 'id' | 'connection' | 'local'>;

/**
 * Checks that the other arguments are about what is connected again.
 * @throws ConnectorError usage `usage/arguments`
 */
export function checkReauthorized(
  { id, connection, local }: Reauthorized,
  args: { readonly connection: string | undefined; readonly local: boolean },
): void {
  const isOther = args.connection !== undefined && args.connection !== connection;
  if (!isOther && !(args.local && !local)) return;
  throw new ConnectorError('usage', {
    code: 'usage/arguments',
    message: isOther
      ? `${id} is a connection of ${connection}, not of ${args.connection}.`
      : `${id} was connected with the real API, not with the local provider.`,
    hint: 'Leave that argument out; --reauthorize is enough.',
  });
}

/** Says that a connection was connected again, and whether it is of another account now. */
export function connectedAgain(id: string, before: Account, now: Account): string {
  const isOther = before.uid !== now.uid || nameOf(before) !== nameOf(now);
  return `Connected ${id} again as ${nameOf(now)}${isOther ? `; before, it was ${nameOf(before)}` : ''}:`;
}

/** Says whether a refresh brought new tokens, or was not due. */
export function refreshed(id: string, { steps }: Pick<Trace, 'steps'>): string {
  return steps.some(({ outcome }) => outcome === 'done') ? `Refreshed ${id}` : `${id} needs no refresh`;
}

/** How a run that went well is shown: what may be seen of the connection, and the trace. */
export function succeeded(connected: Connected, all: boolean): Result {
  const { trace } = connected;
  return { data: { ...shown(connected), trace }, lines: linesOf(trace, all) };
}

/** A trace as lines: only what failed in full, or all. */
export function linesOf(trace: Trace, all: boolean): string[] {
  return traceLines(trace, { open: all ? 'all' : 'failed' });
}

/** The parts of a connected connection that may be shown: of stored data only the names. */
export function shown({ id, connection, local, instance: { data, metadata, uid, expires, scope } }: Connected) {
  return {
    ...{ id, connection, local, stored: Object.keys(data) },
    ...(metadata === undefined ? {} : { name: metadata.value }),
    ...(uid === undefined ? {} : { uid }),
    ...(expires === undefined ? {} : { expires }),
    ...(scope === undefined ? {} : { scope }),
  };
}

/** Account that a connection belongs to. */
type Account = Pick<Connected['instance'], 'metadata' | 'uid'>;

/** Returns the name by which people know the account of a connection. */
export function nameOf({ metadata, uid }: Account): string {
  return metadata?.value ?? (uid === undefined ? 'an account without a name' : String(uid));
}

/** Adds what became of a recording to the result of the run that was recorded. */
export function withRecording(result: Result, { file, diagnostics = [] }: Recorded): Result {
  if (file === undefined) return { ...result, diagnostics: [...(result.diagnostics ?? []), ...diagnostics] };
  return {
    ...result,
    data: { ...(result.data as object), recorded: file },
    summary: `Recorded ${file}. ${result.summary ?? ''}`.trim(),
    next: [...(result.next ?? []), 'connector test'],
  };
}
