import type { ConnectionInstance } from '@connectorkit/harness';
import { type Answers, pathOf } from '../connection/answers.ts';
import { errorsOf, Forms } from '../connection/connect.tsx';
import { Instance } from '../connection/instance.tsx';
import { ConnectionTable } from '../connection/list.tsx';
import { Diagnostics } from '../parts/diagnostics.tsx';
import { Panel } from '../parts/panel.tsx';
import { Loaded } from '../parts/states.tsx';
import { type Column, Table } from '../parts/table.tsx';
import { Time } from '../parts/time.tsx';
import { useAnswer } from '../resource.ts';
import { addressOf } from '../routes.ts';
import type { ViewProps } from '../view.ts';

/** Connects a connection as a user would: `try/shop?form=edit`; or one that is connected: `try/shop/shop-1`. */
export function Show({ parts: [name, id], query }: ViewProps) {
  if (name === undefined) return <Choice query={query} />;
  if (id !== undefined) return <Instance key={id} name={name} id={id} />;
  return <Connectable key={name} name={name} chosen={query.get('form') ?? undefined} />;
}

const INSTANCES: readonly Column<ConnectionInstance>[] = [
  {
    title: 'Connected',
    cell: ({ connection, id, name, metadata }) => (
      <>
        <a href={addressOf(['try', connection, id])}>{id}</a> {name}
        {metadata !== undefined && <div class="metadata">{metadata.value}</div>}
      </>
    ),
  },
  { title: 'Status', cell: ({ status }) => <span class={`badge ${status}`}>{status}</span> },
  { title: 'Last successful run', cell: ({ changed }) => <Time of={changed} />, minor: true },
];

function Choice({ query }: { readonly query: URLSearchParams }) {
  const instances = useAnswer<Answers['instances']>(pathOf('instances'));
  return (
    <>
      <h1>Try it</h1>
      <ConnectionTable path={['try']} query={query} />
      <Loaded of={instances}>{({ instances: all }) => <Connected of={all} />}</Loaded>
    </>
  );
}

function Connected({ of }: { readonly of: readonly ConnectionInstance[] }) {
  if (of.length === 0) return null;
  return (
    <Panel title="Connected">
      <Table caption="Connected connections" columns={INSTANCES} rows={of} keyOf={({ id }) => id} />
    </Panel>
  );
}

function Connectable({ name, chosen }: { readonly name: string; readonly chosen: string | undefined }) {
  const connection = useAnswer<Answers['connection']>(pathOf('connections', name));
  const sections = useAnswer<Answers['sections']>(pathOf('connections', name, 'sections'));
  const instances = useAnswer<Answers['instances']>(pathOf('connections', name, 'instances'));
  return (
    <>
      <h1>Try {connection.value?.connection.label ?? name}</h1>
      <p>
        <a href={addressOf(['connections', name])}>Sections</a>
      </p>
      <Loaded of={connection}>
        {({ connection: found }) => (
          <div class="columns">
            <div>
              {errorsOf(found).length > 0 && (
                <Panel title="It is not run because of these errors">
                  <Diagnostics of={errorsOf(found)} />
                </Panel>
              )}
              <Loaded of={sections}>
                {({ sections: pushed }) => <Forms connection={found} pushed={pushed} chosen={chosen} />}
              </Loaded>
            </div>
            <Loaded of={instances}>{({ instances: all }) => <Connected of={all} />}</Loaded>
          </div>
        )}
      </Loaded>
    </>
  );
}
