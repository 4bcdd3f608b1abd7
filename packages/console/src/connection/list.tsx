import type { ConnectionSummaries } from '@connectorkit/harness';
import { useRef } from 'preact/hooks';
import { EmptyState, Loaded } from '../parts/states.tsx';
import { type Column, Table } from '../parts/table.tsx';
import { useAnswer } from '../resource.ts';
import { addressOf, go } from '../routes.ts';
import { type Answers, pathOf } from './answers.ts';

type Summary = ConnectionSummaries['connections'][number];

/** Connections on a page of the list. */
const PAGE = 25;

/**
 * The connections that were pushed, page by page, with a field to search in them. What is wrong with them takes longer
 * to find out and comes later.
 * @param path of the view that shows one, such as `connections`
 */
export function ConnectionTable({
  path,
  query,
}: {
  readonly path: readonly string[];
  readonly query: URLSearchParams;
}) {
  const { page, search, range } = rangeOf(query);
  const names = useAnswer<Answers['names']>(pathOfPage(query));
  const details = useAnswer<Answers['connections']>(names.value && `${pathOf('connections')}?${range}`);
  const errors = new Map(details.value?.connections.map(({ name, diagnostics }) => [name, diagnostics.length]));
  // Once there, the field stays while its result is loaded: somebody is writing in it.
  const isSearched = useRef(false);
  isSearched.current ||= search !== '' || (names.value?.total ?? 0) > PAGE;
  return (
    <>
      {isSearched.current && <Search path={path} search={search} />}
      <Loaded of={names}>
        {({ total, connections }) => (
          <>
            {total === 0 ? (
              <Nothing search={search} />
            ) : (
              <Table
                caption="Connections"
                columns={columnsFor(path, errors)}
                rows={connections}
                keyOf={({ name }) => name}
              />
            )}
            {total > PAGE && <Pages path={path} search={search} page={page} total={total} />}
          </>
        )}
      </Loaded>
    </>
  );
}

/** Path of the API for the page of the list that an address names. */
export function pathOfPage(query: URLSearchParams): string {
  return `${pathOf('connection-names')}?${rangeOf(query).range}`;
}

function rangeOf(query: URLSearchParams) {
  const page = Math.max(1, Number(query.get('page')) || 1);
  const search = query.get('search') ?? '';
  return {
    page,
    search,
    range: new URLSearchParams({ limit: String(PAGE), offset: String((page - 1) * PAGE), search }),
  };
}

function columnsFor(path: readonly string[], errors: ReadonlyMap<string, number>): readonly Column<Summary>[] {
  return [
    {
      title: 'Connection',
      cell: ({ name, label }) => (
        <>
          <a href={addressOf([...path, name])}>{label}</a> <code>{name}</code>
        </>
      ),
    },
    { title: 'App', cell: ({ app }) => app, minor: true },
    { title: 'Type', cell: ({ type }) => type, minor: true },
    { title: 'Errors', cell: ({ name }) => <Errors count={errors.get(name)} /> },
    {
      title: 'Connect',
      cell: ({ name, label }) => (
        <a href={addressOf(['try', name])}>
          Try it<span class="hidden"> with {label}</span>
        </a>
      ),
    },
  ];
}

function Errors({ count }: { readonly count: number | undefined }) {
  if (count === undefined) return <>…</>;
  return count === 0 ? <>none</> : <span class="badge error">{count === 1 ? '1 error' : `${count} errors`}</span>;
}

function Search({ path, search }: { readonly path: readonly string[]; readonly search: string }) {
  return (
    <search>
      <label>
        Search{' '}
        <input
          type="search"
          value={search}
          onInput={({ currentTarget: { value } }) =>
            go(addressOf(path, { search: value || undefined }), { replaces: true })
          }
        />
      </label>
    </search>
  );
}

interface PagesProps {
  readonly path: readonly string[];
  readonly search: string;
  readonly page: number;
  readonly total: number;
}

function Pages({ path, search, page, total }: PagesProps) {
  const last = Math.ceil(total / PAGE);
  const at = (number: number) => addressOf(path, { search: search || undefined, page: String(number) });
  return (
    <nav class="actions bar" aria-label="Pages">
      {page > 1 && <a href={at(page - 1)}>Previous</a>}
      <span>
        Page {page} of {last}, {total} connections
      </span>
      {page < last && <a href={at(page + 1)}>Next</a>}
    </nav>
  );
}

function Nothing({ search }: { readonly search: string }) {
  if (search !== '') return <EmptyState title={`No connection has “${search}” in its name, label or app.`} />;
  return (
    <EmptyState title="No connection was pushed yet.">
      <p>
        Run <code>connector push</code> or <code>connector dev</code> in the folder of a project.
      </p>
    </EmptyState>
  );
}
