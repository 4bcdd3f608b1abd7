import type { ConnectionInstance, InstanceOutcome } from '@connectorkit/harness';
import { useEffect, useState } from 'preact/hooks';
import { ask } from '../harness.ts';
import { Diagnostics } from '../parts/diagnostics.tsx';
import { Confirm } from '../parts/dialog.tsx';
import { Facts, Panel } from '../parts/panel.tsx';
import { ErrorState, Loaded } from '../parts/states.tsx';
import { Time } from '../parts/time.tsx';
import { type Resource, useAction, useAnswer, useLoaded } from '../resource.ts';
import { addressOf, go } from '../routes.ts';
import { type Answers, pathOf } from './answers.ts';
import { Consent } from './connect.tsx';
import { Trace } from './trace.tsx';

/** Seconds for which the harness is asked to wait for the browser at a time. */
const WAIT = 10;

/** A connection that somebody connected, or is connecting. */
export function Instance({ name, id }: { readonly name: string; readonly id: string }) {
  const instance = useAnswer<Answers['instance']>(pathOf('instances', id));
  const trace = useLoaded(
    (signal) => ask<Answers['trace']>('GET', pathOf('instances', id, 'trace'), undefined, signal),
    [id],
  );
  const connection = useAnswer<Answers['connection']>(pathOf('connections', name));
  const reload = () => {
    instance.reload();
    trace.reload();
  };
  useWaiting(instance, trace.reload);
  return (
    <>
      <h1>{instance.value?.instance.name ?? id}</h1>
      <Loaded of={instance}>
        {({ instance: shown }) => (
          <>
            {shown.metadata !== undefined && <p class="metadata">{shown.metadata.value}</p>}
            <Told of={shown} />
            <Actions of={shown} reload={reload} />
            <StoredData of={shown} />
          </>
        )}
      </Loaded>
      <Panel title="Trace of the last run">
        <Loaded of={trace}>
          {({ trace: run }) =>
            run === null ? (
              <p>There is none while the browser is waited for.</p>
            ) : (
              <Trace of={run} connection={name} version={connection.value?.connection.version ?? run.version} />
            )
          }
        </Loaded>
      </Panel>
    </>
  );
}

/** Looks again when the browser has come back. */
function useWaiting({ value, reload }: Resource<Answers['instance']>, reloadTrace: () => void): void {
  const { id, status } = value?.instance ?? {};
  useEffect(() => {
    if (id === undefined || status !== 'waiting') return;
    const ending = new AbortController();
    ask('GET', `${pathOf('instances', id)}?wait=${WAIT}`, undefined, ending.signal).then(
      () => {
        reload();
        reloadTrace();
      },
      // It is gone: loading it again says so.
      () => ending.signal.aborted || reload(),
    );
    return () => ending.abort();
    // Each answer is a new value, which is looked at again.
  }, [id, status, value, reload, reloadTrace]);
}

function Told({ of }: { readonly of: ConnectionInstance }) {
  const { status, problem } = of;
  return (
    <>
      <p role="status">
        <span class={`badge ${status}`}>{status}</span>
        {status === 'waiting' && ' Continue on the page of the provider. This page notices when you are done.'}
      </p>
      {problem !== undefined && <Diagnostics of={[problem]} />}
      <Facts
        of={[
          ['Id', <code key="id">{of.id}</code>],
          ['Connected', <Time key="created" of={of.created} />],
          ['Last successful run', <Time key="changed" of={of.changed} />],
          ['Provider', of.local ? 'the local provider' : 'the real API'],
          ['Account id', of.uid === undefined ? 'none' : String(of.uid)],
          ['User has to authorize again', of.expires === undefined ? 'never' : <Time key="expires" of={of.expires} />],
          ['Granted scopes', of.scope === undefined ? 'unknown' : of.scope.join(', ')],
        ]}
      />
    </>
  );
}

function StoredData({ of: { data } }: { readonly of: ConnectionInstance }) {
  const entries = Object.entries(data);
  return (
    <Panel title="Stored data">
      <p class="quiet">The harness gives names, dates and booleans. Other values stay with it.</p>
      {entries.length === 0 ? (
        <p>Nothing is stored.</p>
      ) : (
        <Facts
          of={entries.map(([name, value]) => [
            name,
            <code key={name}>{typeof value === 'string' ? value : JSON.stringify(value)}</code>,
          ])}
        />
      )}
    </Panel>
  );
}

/** A question before an action that cannot be taken back, or that others notice. */
interface Question {
  readonly title: string;
  readonly words: string;
  readonly action: string;
  readonly act: () => Promise<unknown>;
}

function Actions({ of: instance, reload }: { readonly of: ConnectionInstance; readonly reload: () => void }) {
  const { id, connection, status } = instance;
  const [question, setQuestion] = useState<Question>();
  const [asking, setAsking] = useState<InstanceOutcome>();
  const { busy, error, run } = useAction(async (act: () => Promise<unknown>) => {
    try {
      await act();
    } finally {
      reload();
    }
  });
  const post = (action: string) => ask<InstanceOutcome>('POST', pathOf('instances', id, action));
  const reauthorize = async () => setAsking(await post('reauthorize'));
  const leave = async (act: Promise<unknown>) => {
    await act;
    go(addressOf(['try', connection]), { replaces: true });
  };
  const ends = endsOf(instance);
  const isConnected = status === 'connected';
  const questions: Readonly<Record<string, Question>> = {
    expire: {
      title: 'Expire the access token?',
      words:
        'The clock of the harness is moved forward to the moment after the next stored date. All connections see that.',
      action: 'Move the clock',
      act: () => expire(ends),
    },
    revoke: {
      title: `Revoke ${id}?`,
      words: 'Its tokens are revoked at the provider, and it is deleted.',
      action: 'Revoke',
      act: () => leave(post('invalidate')),
    },
    delete: {
      title: `Delete ${id}?`,
      words: 'It is deleted without telling the provider.',
      action: 'Delete',
      act: () => leave(ask('DELETE', pathOf('instances', id))),
    },
  };
  const button = (label: string, act: () => void, isOff = !isConnected) => (
    <button type="button" disabled={busy || isOff} onClick={act}>
      {label}
    </button>
  );
  return (
    <>
      <div class="actions bar">
        {button('Verify', () => run(() => post('verify')))}
        {button('Refresh', () => run(() => post('refresh')))}
        {button('Reauthorize', () => run(reauthorize), status === 'waiting')}
        {button('Expire now', () => setQuestion(questions.expire), !isConnected || ends.length === 0)}
        {button('Revoke', () => setQuestion(questions.revoke))}
        {button('Delete', () => setQuestion(questions.delete), false)}
      </div>
      {isConnected && ends.length === 0 && <p class="quiet">It stores no date, so nothing of it expires by time.</p>}
      {error !== undefined && <ErrorState error={error} />}
      {status === 'waiting' && asking?.authorization !== undefined && <Consent outcome={asking} name={connection} />}
      {question !== undefined && (
        <Confirm
          title={question.title}
          action={question.action}
          close={() => setQuestion(undefined)}
          confirm={() => {
            setQuestion(undefined);
            run(question.act);
          }}
        >
          <p>{question.words}</p>
        </Confirm>
      )}
    </>
  );
}

const MOMENT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z$/;

/** The moments that an instance stores, in milliseconds, the earliest first. */
function endsOf({ data, expires }: ConnectionInstance): readonly number[] {
  const texts = [...Object.values(data), expires].filter((each) => typeof each === 'string' && MOMENT.test(each));
  return texts.map((each) => Date.parse(String(each))).sort((one, other) => one - other);
}

/** Moves the clock just behind the first of the moments that is still to come. */
async function expire(ends: readonly number[]): Promise<void> {
  const { now } = await ask<{ readonly now: string }>('GET', '/clock');
  const next = ends.find((each) => each >= Date.parse(now));
  if (next === undefined) throw new Error('All stored dates have passed.');
  await ask('POST', '/clock/advance', { milliseconds: next - Date.parse(now) + 1000 });
}
