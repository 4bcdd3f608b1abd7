import { useEffect, useState } from 'preact/hooks';
import { ask } from '../harness.ts';
import { Panel } from '../parts/panel.tsx';
import { ErrorState, Loaded } from '../parts/states.tsx';
import { type Resource, useAction } from '../resource.ts';

/** The time of the harness, as it answers it. */
export interface ClockAnswer {
  /** ISO 8601. */
  readonly now: string;
  /** True if it is the real time. */
  readonly real: boolean;
  /** True if it stands still. */
  readonly frozen: boolean;
}

const STEPS: readonly (readonly [words: string, milliseconds: number])[] = [
  ['1 minute', 60_000],
  ['1 hour', 3_600_000],
  ['1 day', 86_400_000],
  ['30 days', 30 * 86_400_000],
];

/** The clock of the platforms, which can be moved, set and stopped. */
export function ClockPanel({ clock }: { readonly clock: Resource<ClockAnswer> }) {
  const [moment, setMoment] = useState('');
  const [isFrozen, setFrozen] = useState(false);
  const move = useAction(async (method: 'PUT' | 'POST' | 'DELETE', path: string, body?: object) => {
    await ask(method, `/clock${path}`, body);
    clock.reload();
  });
  const set = (event: Event) => {
    event.preventDefault();
    // The field has no time zone; its label says that it is UTC.
    if (moment !== '') move.run('PUT', '', { now: `${moment}Z`, frozen: isFrozen });
  };
  return (
    <Panel title="Time">
      <Loaded of={clock}>{(value) => <Ticking clock={value} />}</Loaded>
      <div class="actions">
        {STEPS.map(([words, milliseconds]) => (
          <button
            key={words}
            type="button"
            disabled={move.busy}
            onClick={() => move.run('POST', '/advance', { milliseconds })}
          >
            + {words}
          </button>
        ))}
        <button
          type="button"
          disabled={move.busy || clock.value?.real !== false}
          onClick={() => move.run('DELETE', '')}
        >
          Real time
        </button>
      </div>
      <form class="fields" onSubmit={set}>
        <label>
          Date and time (UTC)
          <input
            type="datetime-local"
            step={1}
            value={moment}
            onInput={({ currentTarget }) => setMoment(currentTarget.value)}
          />
        </label>
        <label class="check">
          <input
            type="checkbox"
            checked={isFrozen}
            onChange={({ currentTarget }) => setFrozen(currentTarget.checked)}
          />
          Stop the clock there
        </label>
        <button type="submit" disabled={move.busy || moment === ''}>
          Set
        </button>
      </form>
      {move.error !== undefined && <ErrorState error={move.error} />}
    </Panel>
  );
}

/** The time, which goes on here as it does there. */
function Ticking({ clock }: { readonly clock: ClockAnswer }) {
  const [passed, setPassed] = useState(0);
  useEffect(() => {
    setPassed(0);
    if (clock.frozen) return;
    const began = performance.now();
    const timer = setInterval(() => setPassed(performance.now() - began), 1000);
    return () => clearInterval(timer);
  }, [clock]);
  const now = new Date(Date.parse(clock.now) + passed).toISOString();
  return (
    <p class="clock">
      <time dateTime={now}>{now.replace('T', ' ').replace(/\.\d+Z$/, ' UTC')}</time>{' '}
      <span class={clock.real ? 'badge good' : 'badge warning'}>
        {clock.real ? 'real time' : clock.frozen ? 'stopped' : 'moved'}
      </span>
    </p>
  );
}
