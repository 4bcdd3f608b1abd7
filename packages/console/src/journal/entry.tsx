import type { JournalEntry } from '@connectorkit/harness';
import { useState } from 'preact/hooks';
import { ask } from '../harness.ts';
import { Facts, Panel } from '../parts/panel.tsx';
import { ErrorState, Loaded } from '../parts/states.tsx';
import { Time } from '../parts/time.tsx';
import { useAction, useAnswer } from '../resource.ts';
import { addressOf, go } from '../routes.ts';
import { classOf } from './list.tsx';

interface Shown {
  readonly entry: JournalEntry;
  readonly curl: string;
  readonly replay: { readonly possible: boolean; readonly reason?: string };
}

type Query = Readonly<Record<string, string | undefined>>;

/** One entry with its headers and bodies, to be copied and sent again. */
export function EntryPanel({ number, query }: { readonly number: number; readonly query: Query }) {
  const shown = useAnswer<Shown>(`/journal/${number}`);
  return (
    <Panel
      title={`Request ${number}`}
      actions={
        <a class="button" href={addressOf(['journal'], query)}>
          Close
        </a>
      }
    >
      <Loaded of={shown}>{(value) => <Entry {...value} query={query} />}</Loaded>
    </Panel>
  );
}

function Entry({ entry, curl, replay, query }: Shown & { readonly query: Query }) {
  const { number, at, method, url, status, milliseconds, platform, operation, fault, replayOf, request, answer } =
    entry;
  const [copied, setCopied] = useState('');
  const again = useAction(async () => {
    const { entry: sent } = await ask<{ readonly entry: JournalEntry }>('POST', `/journal/${number}/replay`);
    go(addressOf(['journal', String(sent.number)], query));
  });
  const copy = () =>
    navigator.clipboard.writeText(curl).then(
      () => setCopied('Copied.'),
      () => setCopied('The browser did not allow it. Select the text below.'),
    );
  return (
    <>
      <div class="actions">
        <button type="button" class="primary" disabled={!replay.possible || again.busy} onClick={() => again.run()}>
          Send again
        </button>
        <button type="button" onClick={copy}>
          Copy as curl
        </button>
        <span role="status">{copied}</span>
      </div>
      {!replay.possible && <p class="quiet">It cannot be sent again: {replay.reason}.</p>}
      {again.error !== undefined && <ErrorState error={again.error} />}
      <Facts
        of={[
          ['Request', <code key="request">{`${method} ${url}`}</code>],
          [
            'Status',
            <span key="status" class={`badge ${classOf(status)}`}>
              {status === 0 ? 'connection cut' : status}
            </span>,
          ],
          [
            'Time',
            <span key="time">
              <Time of={at} />, {milliseconds} ms
            </span>,
          ],
          [
            'Platform',
            platform === undefined ? 'none' : `${platform}${operation === undefined ? '' : `, ${operation}`}`,
          ],
          ...(fault === undefined ? [] : [['Fault', fault] as const]),
          ...(replayOf === undefined
            ? []
            : [
                [
                  'Sent again',
                  <a key="first" href={addressOf(['journal', String(replayOf)], query)}>{`request ${replayOf}`}</a>,
                ] as const,
              ]),
        ]}
      />
      <Message title="Request" message={request} />
      <Message title="Answer" message={answer} />
      <details>
        <summary>curl</summary>
        <ScrollText label="Command for curl" text={curl} />
      </details>
    </>
  );
}

function Message({ title, message }: { readonly title: string; readonly message: JournalEntry['request'] }) {
  const { headers, bytes, body } = message;
  return (
    <section class="message" aria-label={title}>
      <h3>{title}</h3>
      <dl class="headers">
        {Object.entries(headers).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {body === undefined ? (
        <p class="quiet">{bytes === 0 ? 'No body.' : `A body of ${bytes} bytes, which the journal does not keep.`}</p>
      ) : (
        <ScrollText label={`Body of the ${title.toLowerCase()}`} text={readable(body)} />
      )}
    </section>
  );
}

/** A text that scrolls by itself where it is long. */
function ScrollText({ label, text }: { readonly label: string; readonly text: string }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable from the keyboard
    <section class="scroll text" aria-label={label} tabIndex={0}>
      <pre>{text}</pre>
    </section>
  );
}

/** JSON with line breaks; anything else as it is. Numbers that JavaScript cannot hold stay as they were written. */
function readable(body: string): string {
  if (!/^\s*[[{]/.test(body) || /\d{16}/.test(body)) return body;
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}
