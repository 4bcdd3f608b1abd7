import type { ConnectableConnection } from '@connectorkit/harness';
import { type Answers, pathOf } from '../connection/answers.ts';
import { PushedConnection } from '../connection/pushed.tsx';
import { EmptyState, Loaded } from '../parts/states.tsx';
import { type Column, Table } from '../parts/table.tsx';
import { useAnswer } from '../resource.ts';
import { addressOf } from '../routes.ts';
import type { ViewProps } from '../view.ts';

/** The connections that were pushed, or one of them: `connections/shop?section=api&line=3`. */
export function Show({ parts: [name], query }: ViewProps) {
  return name === undefined ? <List /> : <PushedConnection key={name} name={name} query={query} />;
}

const COLUMNS: readonly Column<ConnectableConnection>[] = [
  {
    title: 'Connection',
    cell: ({ name, label }) => (
      <>
        <a href={addressOf(['connections', name])}>{label}</a> <code>{name}</code>
      </>
    ),
  },
  { title: 'App', cell: ({ app }) => app, minor: true },
  { title: 'Type', cell: ({ type }) => type, minor: true },
  {
    title: 'Errors',
    cell: ({ diagnostics: { length } }) =>
      length === 0 ? 'none' : <span class="badge error">{length === 1 ? '1 error' : `${length} errors`}</span>,
  },
  {
    title: 'Connect',
    cell: ({ name, label }) => (
      <a href={addressOf(['try', name])}>
        Try it<span class="hidden"> with {label}</span>
      </a>
    ),
  },
];

function List() {
  const connections = useAnswer<Answers['connections']>(pathOf('connections'));
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
