import type { Fault } from '@connectorkit/harness';
import { useAnswer, useRefresh } from '../resource.ts';
import { type ClockAnswer, ClockPanel } from '../state/clock.tsx';
import { FaultPanel } from '../state/faults.tsx';
import { SnapshotPanel } from '../state/snapshots.tsx';
import '../instances/instances.css';
import '../state/state.css';

/** Milliseconds after which it is looked again: faults count down while requests come. */
const PAUSE = 2000;

/** Controls of the harness: its clock, its faults, and its snapshots. */
export function Show() {
  const clock = useAnswer<ClockAnswer>('/clock');
  const faults = useAnswer<{ readonly faults: readonly Fault[] }>('/faults');
  const snapshots = useAnswer<{ readonly snapshots: readonly string[] }>('/snapshots');
  const reload = () => {
    clock.reload();
    faults.reload();
    snapshots.reload();
  };
  useRefresh(reload, PAUSE);
  return (
    <>
      <h1>Faults and time</h1>
      <FaultPanel faults={faults} />
      <div class="columns">
        <ClockPanel clock={clock} />
        <SnapshotPanel snapshots={snapshots} done={reload} />
      </div>
    </>
  );
}
