import type { Customer, CustomerConnection } from '@connectorkit/harness';
import { useState } from 'preact/hooks';
import { actionWords } from '../access/words.ts';
import { ask } from '../harness.ts';
import { Confirm, Dialog } from '../parts/dialog.tsx';
import { EmptyState, ErrorState } from '../parts/states.tsx';
import { type Column, Table } from '../parts/table.tsx';
import { Time } from '../parts/time.tsx';
import { useAction } from '../resource.ts';
import { addressOf, go } from '../routes.ts';

type State = CustomerConnection['state'];

const STATES: readonly State[] = ['connected', 'lost', 'failed', 'disconnected'];

/** Words of the style sheet. */
const LOOKS: Readonly<Record<State, string>> = {
  connected: 'badge good',
  lost: 'badge error',
  failed: 'badge error',
  disconnected: 'badge',
};

/** Customers, each with how many connections are in which state. */
export function CustomerTable({ platform, customers, chosen }: CustomerTableProps) {
  const columns: readonly Column<Customer>[] = [
    {
      title: 'Customer',
      cell: ({ id, name }) => (
        <a href={addressOf(['instances', platform, id])} aria-current={id === chosen ? 'true' : undefined}>
          {name === '' ? `Customer ${id}` : name}
        </a>
      ),
    },
    { title: 'External id', cell: ({ externalId }) => externalId ?? '', minor: true },
    ...STATES.map((state): Column<Customer> => {
      const title = `${state.charAt(0).toUpperCase()}${state.slice(1)}`;
      const isBad = state === 'lost' || state === 'failed';
      return {
        title,
        cell: ({ connections }) =>
          isBad && connections[state] > 0 ? <span class="badge error">{connections[state]}</span> : connections[state],
        minor: !isBad,
      };
    }),
  ];
  return <Table caption="Customers" columns={columns} rows={customers} keyOf={({ id }) => id} />;
}

interface CustomerTableProps {
  readonly platform: string;
  readonly customers: readonly Customer[];
  readonly chosen: string | undefined;
}

/** The connections of a customer, of all states or of one. */
export function ConnectionTable({ platform, customer, connections, state, done }: ConnectionTableProps) {
  const shown = connections.filter((each) => state === undefined || each.state === state);
  const columns: readonly Column<CustomerConnection>[] = [
    {
      title: 'Connection',
      cell: (connection) => (
        <>
          {connection.name} <span class="quiet">{aboutOf(connection)}</span>
          <Actions platform={platform} customer={customer} connection={connection} done={done} />
        </>
      ),
    },
    {
      title: 'State',
      cell: ({ state: each, reason, since, inUse }) => (
        <>
          <span class={LOOKS[each]}>{each}</span> {inUse && <span class="badge">in use</span>}
          {reason !== null && <p class="reason">{reason}</p>}
          {since !== null && (
            <p class="quiet">
              since <Time of={since} />
            </p>
          )}
        </>
      ),
    },
  ];
  return (
    <>
      <div class="filter">
        <label>
          State
          <select
            value={state ?? ''}
            onChange={({ currentTarget }) =>
              go(addressOf(['instances', platform, customer], { state: currentTarget.value || undefined }), {
                replaces: true,
              })
            }
          >
            <option value="">All ({connections.length})</option>
            {STATES.map((each) => (
              <option key={each} value={each}>
                {each} ({connections.filter((one) => one.state === each).length})
              </option>
            ))}
          </select>
        </label>
      </div>
      {shown.length === 0 ? (
        <EmptyState
          title={connections.length === 0 ? 'This customer has no connections.' : 'No connection is in this state.'}
        />
      ) : (
        <Table caption="Connections" columns={columns} rows={shown} keyOf={({ id }) => id} />
      )}
    </>
  );
}

/** The provider, whom it is connected as, and its external id. */
function aboutOf({ provider, identity, externalId }: CustomerConnection): string {
  const parts = [provider ?? 'no provider', identity && `as ${identity}`, externalId && `external id ${externalId}`];
  return parts.filter(Boolean).join(', ');
}

interface ConnectionTableProps {
  readonly platform: string;
  readonly customer: string;
  readonly connections: readonly CustomerConnection[];
  /** The only state that is shown. */
  readonly state: string | undefined;
  /** Called after an action. */
  readonly done: () => void;
}

/** Questions before an action. */
const BEFORE: ReadonlyMap<string, string> = new Map([
  ['disconnect', 'Its credentials are deleted. The customer has to connect again.'],
  ['force-disconnect', 'An active recipe uses it. Its credentials are deleted anyway.'],
  ['delete', 'The connection is deleted.'],
]);

/** Actions on a connection in its state. */
function Actions({ platform, customer, connection, done }: ActionsProps) {
  const { id, name, actions } = connection;
  const [asked, setAsked] = useState<string>();
  const [reason, setReason] = useState('');
  const act = useAction(async (action: string) => {
    const path = `/platforms/${platform}/customers/${customer}/connections/${id}/${action}`;
    await ask('POST', path, reason === '' ? {} : { reason });
    setAsked(undefined);
    done();
  });
  const error = act.error === undefined ? null : <ErrorState error={act.error} />;
  const close = () => setAsked(undefined);
  return (
    <div class="actions small">
      {actions.map((each) => (
        <button key={each} type="button" onClick={() => setAsked(each)} aria-label={`${actionWords(each)}: ${name}`}>
          {actionWords(each)}
        </button>
      ))}
      {asked === 'lose' && (
        <Dialog title={`Lose ${name}?`} close={close}>
          <p>It stops working, as when its user withdraws the permission on the provider.</p>
          <label class="field">
            Reason
            <input
              type="text"
              value={reason}
              maxLength={500}
              onInput={({ currentTarget }) => setReason(currentTarget.value)}
            />
          </label>
          {error}
          <div class="actions">
            <button type="button" onClick={close}>
              Go back
            </button>
            <button type="button" class="danger" disabled={act.busy} onClick={() => act.run('lose')}>
              Lose
            </button>
          </div>
        </Dialog>
      )}
      {asked !== undefined && asked !== 'lose' && (
        <Confirm
          title={`${actionWords(asked)} ${name}?`}
          action={actionWords(asked)}
          confirm={() => act.run(asked)}
          close={close}
        >
          <p>{BEFORE.get(asked)}</p>
          {error}
        </Confirm>
      )}
    </div>
  );
}

interface ActionsProps extends Pick<ConnectionTableProps, 'platform' | 'customer' | 'done'> {
  readonly connection: CustomerConnection;
}
