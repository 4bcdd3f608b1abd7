import type { ContractFile } from '@connectorkit/harness';
import { ContractPanel } from '../access/contract.tsx';
import { type Queue, QueueList } from '../access/queue.tsx';
import '../access/access.css';
import { EmptyState, Loaded } from '../parts/states.tsx';
import { usePlatforms } from '../platforms.ts';
import { useAnswer, useRefresh } from '../resource.ts';
import { addressOf } from '../routes.ts';
import type { ViewProps } from '../view.ts';

/** Milliseconds after which it is looked again for what others did. */
const PAUSE = 5000;

/** The platforms on which access to APIs is requested. */
export function Show({ parts: [platform, contract], query }: ViewProps) {
  const platforms = usePlatforms('access');
  return (
    <>
      <h1>Access</h1>
      <Loaded of={platforms}>
        {(all) => {
          const chosen = platform ?? all[0]?.name;
          if (chosen === undefined)
            return <EmptyState title="This harness emulates no platform for access requests." />;
          return (
            <>
              <nav class="tabs" aria-label="Platforms">
                <ul>
                  {all.map(({ name, title }) => (
                    <li key={name}>
                      <a href={addressOf(['access', name])} aria-current={name === chosen ? 'true' : undefined}>
                        {title}
                      </a>
                    </li>
                  ))}
                </ul>
              </nav>
              <PlatformQueue
                key={chosen}
                platform={chosen}
                contract={contract}
                role={query.get('role') ?? undefined}
                isWaiting={query.get('show') === 'waiting'}
              />
            </>
          );
        }}
      </Loaded>
    </>
  );
}

function PlatformQueue({ platform, contract, role, isWaiting }: PlatformQueueProps) {
  const base = `/platforms/${encodeURIComponent(platform)}/access`;
  const search = role === undefined ? '' : `?role=${encodeURIComponent(role)}`;
  const queue = useAnswer<Queue>(`${base}${search}`);
  const file = useAnswer<{ readonly contract: ContractFile }>(
    contract === undefined ? undefined : `${base}/${encodeURIComponent(contract)}${search}`,
  );
  const reload = () => {
    queue.reload();
    file.reload();
  };
  useRefresh(reload, PAUSE);
  return (
    <Loaded of={queue}>
      {(value) => (
        <div class={contract === undefined ? 'split' : 'split opened'}>
          <QueueList platform={platform} queue={value} chosen={contract} isWaiting={isWaiting} />
          {contract !== undefined && <ContractPanel platform={platform} role={value.role} file={file} done={reload} />}
        </div>
      )}
    </Loaded>
  );
}

interface PlatformQueueProps {
  readonly platform: string;
  readonly contract: string | undefined;
  readonly role: string | undefined;
  readonly isWaiting: boolean;
}
