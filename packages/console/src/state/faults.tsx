import type { Fault } from '@connectorkit/harness';
import { ask } from '../harness.ts';
import { Panel } from '../parts/panel.tsx';
import { EmptyState, ErrorState, Loaded } from '../parts/states.tsx';
import { type Column, Table } from '../parts/table.tsx';
import { type Resource, useAction } from '../resource.ts';
import { FaultForm } from './fault-form.tsx';

/** The faults that are set, how often each struck, and a form for another. */
export function FaultPanel({ faults }: { readonly faults: Resource<{ readonly faults: readonly Fault[] }> }) {
  const remove = useAction(async (path: string) => {
    await ask('DELETE', `/faults${path}`);
    faults.reload();
  });
  const columns: readonly Column<Fault>[] = [
    {
      title: 'Fault',
      cell: ({ effect, message }) => (
        <>
          <strong>{effect}</strong>
          {message !== undefined && <p class="reason">{message}</p>}
        </>
      ),
    },
    {
      title: 'Requests',
      cell: (fault) => (
        <>
          {targetWords(fault)} <span class="quiet">{countWords(fault)}</span>
        </>
      ),
    },
    {
      title: 'Remove',
      cell: ({ id, effect }) => (
        <button type="button" onClick={() => remove.run(`/${id}`)} aria-label={`Remove ${effect}, fault ${id}`}>
          Remove
        </button>
      ),
    },
  ];
  const { value } = faults;
  return (
    <Panel
      title="Faults"
      actions={
        <button type="button" disabled={remove.busy || !value?.faults.length} onClick={() => remove.run('')}>
          Clear all faults
        </button>
      }
    >
      <Loaded of={faults}>
        {({ faults: set }) =>
          set.length === 0 ? (
            <EmptyState title="No fault is injected." />
          ) : (
            <Table caption="Injected faults" columns={columns} rows={set} keyOf={({ id }) => id} />
          )
        }
      </Loaded>
      {remove.error !== undefined && <ErrorState error={remove.error} />}
      <FaultForm done={faults.reload} />
    </Panel>
  );
}

function targetWords({ platform, operation, calls, after, share, status, milliseconds, retryAfter }: Fault): string {
  const words = [
    operation ?? (calls === undefined ? 'all' : `all ${calls}`),
    ...(platform === undefined ? [] : [`on ${platform}`]),
    ...(operation !== undefined && calls !== undefined ? [`(${calls})`] : []),
    ...(after === undefined ? [] : [`after ${after}`]),
    ...(share === undefined ? [] : [`${Math.round(share * 100)} % of them`]),
  ].join(' ');
  const own = [
    ...(status === undefined ? [] : [`status ${status}`]),
    ...(milliseconds === undefined ? [] : [`${milliseconds} ms`]),
    ...(retryAfter === undefined ? [] : [`retry after ${retryAfter} s`]),
  ];
  return [words, ...own].join(', ');
}

function countWords({ injected, seen, times }: Fault): string {
  if (times !== undefined) return `${injected} of ${times} times, ${times - injected} left`;
  return `${injected} of ${seen} requests`;
}
