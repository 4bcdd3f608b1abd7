import { setTimeout as sleep } from 'node:timers/promises';
import { hasArrived, type Unanswered } from '@connectorkit/sdk';
import type { Context } from './command.ts';
import { timeoutOf } from './send.ts';
import type { Synced } from './sync.ts';

/** Milliseconds between two looks; each pause is twice the one before, up to the longest. */
const FIRST = 250;
const LONGEST = 8000;

/**
 * Waits while what a push that was cut off has asked for may still be made, and says so: it would be made twice
 * otherwise, or come after a rollback. Looks again and again, and goes on when it is there, or does not come any more.
 * @param restores whether something else is to be brought back: then changes must not come late either
 */
export async function awaitUnanswered(
  { environment, report, signal }: Pick<Context, 'environment' | 'report' | 'signal'>,
  { project, machine, registry, destination }: Synced,
  restores = false,
): Promise<void> {
  const unanswered = machine.unanswered();
  if (unanswered === undefined || (unanswered.what === 'change' && !restores)) return;
  const { until } = unanswered;
  const known = [...(machine.journal()?.known ?? []), ...Object.values(destination.connections ?? {})];
  // No longer than a push notes, whatever became of the clock since.
  const end = Math.min(Date.parse(until), Date.now() + 2 * timeoutOf(environment));
  for (let pause = FIRST; ; pause = Math.min(2 * pause, LONGEST)) {
    const last = Date.now() >= end;
    if ((await hasArrived(unanswered, registry, project, destination, known)) || last) return;
    if (pause === FIRST) {
      const seconds = Math.max(1, Math.ceil((end - Date.now()) / 1000));
      report({ kind: 'note', message: `${destination.name} was asked to ${waitingFor(unanswered, seconds)}` });
    }
    await sleep(Math.max(0, Math.min(pause, end - Date.now())), undefined, { signal });
  }
}

function waitingFor({ what, connection }: Unanswered, seconds: number): string {
  if (what === 'change') {
    return `change something, and did not answer: it may still do it. Waiting ${seconds} s, so that it does not come later.`;
  }
  const name = connection === undefined ? 'the app' : `the connection ${JSON.stringify(connection.label)}`;
  return `create ${name}, and did not answer: it may still do it. Waiting until it is there, ${seconds} s at most, so that it is not made twice.`;
}
