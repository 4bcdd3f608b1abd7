import { useEffect, useMemo, useState } from 'preact/hooks';
import { ask } from '../harness.ts';
import { useEntries } from '../journal/entries.ts';
import { EntryPanel } from '../journal/entry.tsx';
import { FilterForm, filterIn, queryOf } from '../journal/filter.tsx';
import '../journal/journal.css';
import { EntryTable } from '../journal/list.tsx';
import { Confirm } from '../parts/dialog.tsx';
import { EmptyState, ErrorState, LoadingState } from '../parts/states.tsx';
import { useAction } from '../resource.ts';
import type { ViewProps } from '../view.ts';

/** The requests to the platforms and the provider, while they come. */
export function Show({ parts, query }: ViewProps) {
  const filter = filterIn(query);
  const number = /^\d{1,15}$/.test(parts[0] ?? '') ? Number(parts[0]) : undefined;
  const [isAway, setAway] = useState(false);
  const [isPaused, setPaused] = useState(false);
  // A span of time ends now, and stays as it is until it is chosen again.
  const asked = useMemo(() => queryOf(filter, Date.now()), [JSON.stringify(filter)]);
  const isHeld = isAway || isPaused;
  const entries = useEntries(asked, isHeld);
  const { shown, waiting, state, error } = entries;
  const follow = () => {
    setAway(false);
    setPaused(false);
  };
  useEffect(follow, [asked]);
  const showLatest = () => {
    follow();
    document.querySelector('.entries')?.scrollTo({ top: 0 });
  };
  return (
    <>
      <h1>Journal</h1>
      <div class={number === undefined ? 'journal' : 'journal opened'}>
        <div class="listed">
          <FilterForm filter={filter} number={number} />
          <div class="bar">
            <p>
              {shown.length.toLocaleString('en')} {shown.length === 1 ? 'request' : 'requests'}
              {state === 'interrupted' && error === undefined && ', waiting for the harness'}
            </p>
            <button type="button" aria-pressed={isPaused} onClick={() => setPaused(!isPaused)}>
              Pause
            </button>
            {waiting > 0 && (
              <button type="button" class="primary" onClick={showLatest}>
                Show {waiting.toLocaleString('en')} new
              </button>
            )}
            <Clear done={entries.empty} />
            <span class="hidden" role="status">
              {state === 'live' ? 'The list is loaded.' : ''}
            </span>
          </div>
          {error !== undefined ? (
            <ErrorState error={error} />
          ) : state === 'loading' ? (
            <LoadingState />
          ) : shown.length === 0 ? (
            <EmptyState title={asked === '' ? 'There are no requests yet.' : 'No request fits the filter.'}>
              {asked === '' && (
                <p>Requests to the platforms and the local provider are listed here as they are answered.</p>
              )}
            </EmptyState>
          ) : (
            <EntryTable entries={shown} chosen={number} query={{ ...filter }} hold={setAway} />
          )}
        </div>
        {number !== undefined && <EntryPanel key={number} number={number} query={{ ...filter }} />}
      </div>
    </>
  );
}

/** Empties the journal, after it was asked for twice. */
function Clear({ done }: { readonly done: () => void }) {
  const [isAsked, setAsked] = useState(false);
  const clear = useAction(async () => {
    await ask('DELETE', '/journal');
    setAsked(false);
    done();
  });
  return (
    <>
      <button type="button" onClick={() => setAsked(true)}>
        Clear
      </button>
      {isAsked && (
        <Confirm title="Clear the journal?" action="Clear" confirm={() => clear.run()} close={() => setAsked(false)}>
          <p>All entries are deleted.</p>
          {clear.error !== undefined && <ErrorState error={clear.error} />}
        </Confirm>
      )}
    </>
  );
}
