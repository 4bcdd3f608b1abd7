import type { AccessRole, QueuedContract } from '@connectorkit/harness';
import { EmptyState } from '../parts/states.tsx';
import { type Column, Table } from '../parts/table.tsx';
import { Time } from '../parts/time.tsx';
import { addressOf, go } from '../routes.ts';
import { stateWords } from './words.ts';

/** A platform's contracts for a role, as the harness answers them. */
export interface Queue {
  readonly roles: readonly AccessRole[];
  readonly role: string;
  readonly contracts: readonly QueuedContract[];
}

/** The contracts of a platform, and who looks at them. */
export function QueueList({ platform, queue, chosen, isWaiting }: QueueListProps) {
  const { roles, role, contracts } = queue;
  const waits = contracts.filter((each) => each.waits).length;
  const shown = isWaiting ? contracts.filter((each) => each.waits) : contracts;
  const to = (query: Readonly<Record<string, string | undefined>>) =>
    addressOf(chosen === undefined ? ['access', platform] : ['access', platform, chosen], {
      ...{ role, show: isWaiting ? 'waiting' : undefined },
      ...query,
    });
  return (
    <div>
      <div class="filter">
        <label>
          Role
          <select
            value={role}
            onChange={({ currentTarget }) => go(to({ role: currentTarget.value }), { replaces: true })}
          >
            {roles.map(({ name }) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <label class="check">
          <input
            type="checkbox"
            checked={isWaiting}
            onChange={({ currentTarget }) =>
              go(to({ show: currentTarget.checked ? 'waiting' : undefined }), { replaces: true })
            }
          />
          Only those that wait for a decision ({waits})
        </label>
      </div>
      <p class="quiet">{roles.find(({ name }) => name === role)?.may}</p>
      {shown.length === 0 ? (
        <EmptyState
          title={contracts.length === 0 ? 'Nobody has requested access yet.' : 'No contract waits for a decision.'}
        >
          {contracts.length === 0 && (
            <p>
              Run <code>connector access request --platform {platform}</code>, or load a seed with{' '}
              <code>connector harness seed</code>.
            </p>
          )}
        </EmptyState>
      ) : (
        <Table
          caption="Contracts"
          columns={columnsOf(platform, role, isWaiting, chosen)}
          rows={shown}
          keyOf={({ id }) => id}
        />
      )}
    </div>
  );
}

interface QueueListProps {
  readonly platform: string;
  readonly queue: Queue;
  /** Id of the contract that is opened. */
  readonly chosen: string | undefined;
  /** True if only contracts that wait for a decision are listed. */
  readonly isWaiting: boolean;
}

function columnsOf(
  platform: string,
  role: string,
  isWaiting: boolean,
  chosen: string | undefined,
): readonly Column<QueuedContract>[] {
  const query = { role, show: isWaiting ? 'waiting' : undefined };
  return [
    {
      title: 'Contract',
      cell: ({ id, application, api }) => (
        <a href={addressOf(['access', platform, id], query)} aria-current={id === chosen ? 'true' : undefined}>
          {application.name} → {api.name}
        </a>
      ),
    },
    {
      title: 'State',
      cell: ({ state, waits }) => <span class={waits ? 'badge waiting' : 'badge'}>{stateWords(state)}</span>,
    },
    { title: 'Environment', cell: ({ environment }) => environment ?? '', minor: true },
    {
      title: 'Tier',
      cell: ({ tier, requestedTier }) =>
        [tier, requestedTier && `${requestedTier} requested`].filter(Boolean).join(', '),
      minor: true,
    },
    { title: 'Changed', cell: ({ changed }) => changed !== null && <Time of={changed} />, minor: true },
  ];
}
