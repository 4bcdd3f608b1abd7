import { useState } from 'preact/hooks';
import { ConnectionTable } from '../connection/list.tsx';
import { Loaded } from '../parts/states.tsx';
import { useLoaded } from '../resource.ts';
import type { ViewProps } from '../view.ts';

/** The connections that were pushed, or one of them: `connections/shop?section=api&line=3`. */
export function Show({ parts: [name], query }: ViewProps) {
  return name === undefined ? <List query={query} /> : <One key={name} name={name} query={query} />;
}

function List({ query }: { readonly query: URLSearchParams }) {
  return (
    <>
      <h1>Connections</h1>
      <ConnectionTable path={['connections']} query={query} />
    </>
  );
}

/** The page of one connection, loaded when there is one to show. */
function One(props: { readonly name: string; readonly query: URLSearchParams }) {
  const [load] = useState(() => () => import('../connection/pushed.tsx'));
  const module = useLoaded(load, []);
  return <Loaded of={module}>{({ PushedConnection }) => <PushedConnection {...props} />}</Loaded>;
}
