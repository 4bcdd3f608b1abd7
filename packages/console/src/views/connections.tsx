import type { ConnectableConnection } from '@connectorkit/harness';
import { EmptyState, Loaded } from '../parts/states.tsx';
import { type Column, Table } from '../parts/table.tsx';
import { useAnswer } from '../resource.ts';
import { addressOf } from '../routes.ts';

const COLUMNS: readonly Column<ConnectableConnection>[] = [
  {
    title: 'Connection',
    cell: ({ name, label }) => (
      <>
        <a href={addressOf(['connections', name])}>{label}</a> <code>{name}</code>
      </>
    ),
  },
  { title: 'App', cell: ({ app }) => app },
  { title: 'Type', cell: ({ type }) => type, minor: true },
  {
    title: 'Problems',
    cell: ({ diagnostics }) => (diagnostics.length === 0 ? 'none' : `${diagnostics.length}`),
  },
];

/** The connections that were pushed. */
export function Show() {
  const connections = useAnswer<{ readonly connections: readonly ConnectableConnection[] }>(
    '/platforms/make/connections',
  );
  return (
    <>
      <h1>Connections</h1>
      <Loaded of={connections}>
        {({ connections: all }) =>
          all.length === 0 ? (
            <EmptyState title="No connection was pushed yet.">
              <p>
                Run <code>connector push</code> or <code>connector dev</code> in the folder of a project.
              </p>
            </EmptyState>
          ) : (
            <Table caption="Connections" columns={COLUMNS} rows={all} keyOf={({ name }) => name} />
          )
        }
      </Loaded>
    </>
  );
}
