import type { Customer, CustomerConnection } from '@connectorkit/harness';
import { ConnectionTable, CustomerTable } from '../instances/customers.tsx';
import '../access/access.css';
import '../instances/instances.css';
import { Panel } from '../parts/panel.tsx';
import { EmptyState, Loaded } from '../parts/states.tsx';
import { usePlatforms } from '../platforms.ts';
import { useAnswer, useRefresh } from '../resource.ts';
import { addressOf } from '../routes.ts';
import type { ViewProps } from '../view.ts';

/** Milliseconds after which it is looked again for what others did. */
const PAUSE = 5000;

/** Customers' own connections. */
export function Show({ parts: [platform, customer], query }: ViewProps) {
  const platforms = usePlatforms('customers');
  return (
    <>
      <h1>Instances</h1>
      <Loaded of={platforms}>
        {(all) => {
          const chosen = platform ?? all[0]?.name;
          if (chosen === undefined) return <EmptyState title="This harness emulates no platform with customers." />;
          return (
            <Customers key={chosen} platform={chosen} customer={customer} state={query.get('state') ?? undefined} />
          );
        }}
      </Loaded>
    </>
  );
}

function Customers({ platform, customer, state }: CustomersProps) {
  const base = `/platforms/${encodeURIComponent(platform)}/customers`;
  const customers = useAnswer<{ readonly customers: readonly Customer[] }>(base);
  const connections = useAnswer<{ readonly connections: readonly CustomerConnection[] }>(
    customer === undefined ? undefined : `${base}/${encodeURIComponent(customer)}/connections`,
  );
  const reload = () => {
    customers.reload();
    connections.reload();
  };
  useRefresh(reload, PAUSE);
  return (
    <Loaded of={customers}>
      {({ customers: all }) =>
        all.length === 0 ? (
          <EmptyState title="There are no customers yet.">
            <p>
              Create one through the API, or load a seed:{' '}
              <code>{`connector harness seed customers.json --platform ${platform}`}</code>
            </p>
          </EmptyState>
        ) : (
          <div class={customer === undefined ? 'split' : 'split opened even'}>
            <CustomerTable platform={platform} customers={all} chosen={customer} />
            {customer !== undefined && (
              <Panel
                title={all.find(({ id }) => id === customer)?.name || `Customer ${customer}`}
                actions={
                  <a class="button" href={addressOf(['instances', platform])}>
                    Close
                  </a>
                }
              >
                <Loaded of={connections}>
                  {(value) => (
                    <ConnectionTable
                      platform={platform}
                      customer={customer}
                      connections={value.connections}
                      state={state}
                      done={reload}
                    />
                  )}
                </Loaded>
              </Panel>
            )}
          </div>
        )
      }
    </Loaded>
  );
}

interface CustomersProps {
  readonly platform: string;
  readonly customer: string | undefined;
  readonly state: string | undefined;
}
