import { useState } from 'preact/hooks';
import { ask } from '../harness.ts';
import { Confirm } from '../parts/dialog.tsx';
import { Panel } from '../parts/panel.tsx';
import { EmptyState, ErrorState, Loaded } from '../parts/states.tsx';
import { type Column, Table } from '../parts/table.tsx';
import { type Resource, useAction } from '../resource.ts';

/** Actions that ask for confirmation. */
interface Asked {
  readonly title: string;
  readonly words: string;
  readonly action: string;
  readonly method: 'POST' | 'DELETE';
  readonly path: string;
}

const RESET: Asked = {
  title: 'Reset the harness?',
  words:
    'The harness is reset to its first start: data and faults are removed, and the clock shows real time. Snapshots are kept.',
  action: 'Reset',
  method: 'POST',
  path: '/reset',
};

/** Snapshots of the whole state, and the way back to the first start. */
export function SnapshotPanel({ snapshots, done }: SnapshotPanelProps) {
  const [name, setName] = useState('');
  const [asked, setAsked] = useState<Asked>();
  const [said, setSaid] = useState('');
  const act = useAction(async (method: 'PUT' | 'POST' | 'DELETE', path: string, words: string) => {
    await ask(method, path);
    setAsked(undefined);
    setSaid(words);
    done();
  });
  const pathOf = (each: string) => `/snapshots/${encodeURIComponent(each)}`;
  const keep = (event: Event) => {
    event.preventDefault();
    if (name !== '') act.run('PUT', pathOf(name), `Saved the snapshot ${name}.`).then(() => setName(''));
  };
  const error = act.error === undefined ? null : <ErrorState error={act.error} />;
  const columns: readonly Column<string>[] = [
    { title: 'Name', cell: (each) => each },
    {
      title: 'Actions',
      cell: (each) => (
        <div class="actions small">
          <button type="button" onClick={() => setAsked(restoreOf(each, pathOf(each)))} aria-label={`Restore ${each}`}>
            Restore
          </button>
          <button type="button" onClick={() => setAsked(deleteOf(each, pathOf(each)))} aria-label={`Delete ${each}`}>
            Delete
          </button>
        </div>
      ),
    },
  ];
  return (
    <Panel
      title="Snapshots"
      actions={
        <button type="button" class="danger" onClick={() => setAsked(RESET)}>
          Reset
        </button>
      }
    >
      <Loaded of={snapshots}>
        {({ snapshots: all }) =>
          all.length === 0 ? (
            <EmptyState title="There is no snapshot yet." />
          ) : (
            <Table caption="Snapshots that were taken" columns={columns} rows={all} keyOf={(each) => each} />
          )
        }
      </Loaded>
      <form class="fields" onSubmit={keep}>
        <label>
          Name of a snapshot
          <input
            type="text"
            value={name}
            maxLength={100}
            onInput={({ currentTarget }) => setName(currentTarget.value)}
          />
        </label>
        <button type="submit" disabled={act.busy || name === ''}>
          Take a snapshot
        </button>
      </form>
      <p role="status">{said}</p>
      {asked === undefined && error}
      {asked !== undefined && (
        <Confirm
          title={asked.title}
          action={asked.action}
          confirm={() => act.run(asked.method, asked.path, 'Done.')}
          close={() => setAsked(undefined)}
        >
          <p>{asked.words}</p>
          {error}
        </Confirm>
      )}
    </Panel>
  );
}

interface SnapshotPanelProps {
  readonly snapshots: Resource<{ readonly snapshots: readonly string[] }>;
  /** Called when anything may be different. */
  readonly done: () => void;
}

function restoreOf(name: string, path: string): Asked {
  const words = 'The data of all platforms, the faults and the clock are restored. The journal is kept.';
  return { title: `Restore ${name}?`, words, action: 'Restore', method: 'POST', path: `${path}/restore` };
}

function deleteOf(name: string, path: string): Asked {
  return { title: `Delete ${name}?`, words: 'The snapshot is deleted.', action: 'Delete', method: 'DELETE', path };
}
