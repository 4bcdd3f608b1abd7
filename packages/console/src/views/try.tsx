import type { ConnectableConnection } from '@connectorkit/harness';
import { EmptyState, Loaded } from '../parts/states.tsx';
import { useAnswer } from '../resource.ts';
import { addressOf } from '../routes.ts';

/** Connects a connection as a user would. */
export function Show() {
  const connections = useAnswer<{ readonly connections: readonly ConnectableConnection[] }>(
    '/platforms/make/connections',
  );
  return (
    <>
      <h1>Try it</h1>
      <Loaded of={connections}>
        {({ connections: all }) =>
          all.length === 0 ? (
            <EmptyState title="No connection was pushed yet." />
          ) : (
            <ul>
              {all.map(({ name, label }) => (
                <li key={name}>
                  <a href={addressOf(['connections', name])}>{label}</a>
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </>
  );
}
