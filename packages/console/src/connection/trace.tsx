import type { InstanceTrace } from '@connectorkit/harness';
import type { TraceExchange, TraceExpression, TracePlace, TraceStep } from '@connectorkit/sdk/runtime';
import type { ComponentChildren } from 'preact';
import { Diagnostics } from '../parts/diagnostics.tsx';
import { placeIn } from './pushed.tsx';

/** A run as a timeline: each step opens, and each of its parts leads to its line in the section. */
export function Trace({ of: trace, connection, version }: TraceProps) {
  const { run, steps, problem, milliseconds } = trace;
  const longest = Math.max(1, ...steps.map((step) => step.milliseconds));
  return (
    <>
      <p>
        {run}: {problem === undefined ? 'done' : 'failed'} in {milliseconds} ms.
      </p>
      {version !== undefined && version !== trace.version && (
        <p class="problem">The sections were changed after this run: lines may be others now.</p>
      )}
      <ol class="trace">
        {steps.map((step, index) => (
          <li key={index}>
            <Step step={step} connection={connection} longest={longest} />
          </li>
        ))}
      </ol>
      {problem !== undefined && steps.every((step) => step.problem === undefined) && <Diagnostics of={[problem]} />}
    </>
  );
}

interface TraceProps {
  readonly of: InstanceTrace;
  readonly connection: string;
  /** Of the sections as they are now. */
  readonly version?: string;
}

const OUTCOMES: Readonly<Record<TraceStep['outcome'], string>> = { done: 'good', skipped: '', failed: 'error' };

interface StepProps {
  readonly step: TraceStep;
  readonly connection: string;
  readonly longest: number;
}

function Step({ step, connection, longest }: StepProps) {
  const { name, outcome, decision, milliseconds, place, expressions, exchanges, visit, stored, notes, problem } = step;
  return (
    <details open={outcome === 'failed'}>
      <summary>
        <span class={`badge ${OUTCOMES[outcome]}`}>{outcome}</span> <strong>{name}</strong> {summaryOf(step)}
        <span class="quiet"> {milliseconds} ms</span>
        <meter value={milliseconds} max={longest} aria-label={`Time of ${name}`} />
      </summary>
      <p>
        {decision} <Place of={place} connection={connection} />
      </p>
      {notes.map((note) => (
        <p key={note}>Note: {note}</p>
      ))}
      {problem !== undefined && <Diagnostics of={[problem]} />}
      {expressions.length > 0 && (
        <Part title={`Expressions (${expressions.length})`}>
          <ol class="expressions">
            {expressions.map((each, index) => (
              <li key={index}>
                <Expression of={each} connection={connection} />
              </li>
            ))}
          </ol>
        </Part>
      )}
      {visit !== undefined && (
        <Part title="Browser">
          <Text of={visit.url} label="Authorization URL" />
          <p>{visit.query === undefined ? 'The browser did not come back.' : 'The browser came back with:'}</p>
          {visit.query !== undefined && <Text of={json(visit.query)} label="Query of the return" />}
        </Part>
      )}
      {exchanges.map((each, index) => (
        <Exchange key={index} of={each} />
      ))}
      {Object.keys(stored).length > 0 && (
        <Part title="Stored">
          <Text of={json(stored)} label="Stored values" />
        </Part>
      )}
    </details>
  );
}

function summaryOf({ exchanges, visit }: TraceStep): string {
  const last = exchanges.at(-1);
  if (visit !== undefined) return 'in the browser';
  if (last === undefined) return '';
  return `${last.request.method} ${last.request.url.replace(/\?.*$/s, '')} → ${last.answer?.status ?? 'no answer'}`;
}

/** Leads to a line of a section. */
function Place({ of: { file, line, column }, connection }: { readonly of: TracePlace; readonly connection: string }) {
  // The section is the name of its file.
  const section = file.replace(/^.*\//, '').replace(/\.jsonc?$/, '');
  return (
    <a class="place" href={placeIn(connection, section, line, column)}>
      {section}:{line}:{column}
    </a>
  );
}

function Expression({ of, connection }: { readonly of: TraceExpression; readonly connection: string }) {
  const value = of.value === undefined ? 'undefined' : json(of.value);
  return (
    <details>
      <summary>
        <code>{of.place.path.join('.')}</code> = <code>{shortened(value)}</code>
      </summary>
      <p>
        <Place of={of.place} connection={connection} />
      </p>
      <Text of={of.text} label="Expression" />
      <Text of={value} label="Value" />
    </details>
  );
}

const shortened = (text: string) => (text.length <= 60 ? text : `${text.slice(0, 60)}…`);

function Exchange({ of: { request, answer, milliseconds } }: { readonly of: TraceExchange }) {
  const sent = [`${request.method} ${request.url}`, ...headerLines(request.headers), ...bodyLines(request.body)];
  return (
    <Part title={`${request.method} → ${answer?.status ?? 'no answer'} in ${milliseconds} ms`}>
      <Text of={sent.join('\n')} label="Request" />
      {answer === undefined ? (
        <p>There was no complete answer.</p>
      ) : (
        <Text
          of={[String(answer.status), ...headerLines(answer.headers), ...bodyLines(answer.body)].join('\n')}
          label={`Response, ${answer.size} bytes`}
        />
      )}
    </Part>
  );
}

function headerLines(headers: Readonly<Record<string, string | readonly string[]>>): readonly string[] {
  return Object.entries(headers).flatMap(([name, values]) => [values].flat().map((value) => `${name}: ${value}`));
}

function bodyLines(body: unknown): readonly string[] {
  return body === undefined || body === '' ? [] : ['', typeof body === 'string' ? body : json(body)];
}

const json = (value: unknown) => JSON.stringify(value, undefined, 2);

function Part({ title, children }: { readonly title: string; readonly children: ComponentChildren }) {
  return (
    <details class="part" open>
      <summary>{title}</summary>
      {children}
    </details>
  );
}

function Text({ of, label }: { readonly of: string; readonly label: string }) {
  return (
    <figure>
      <figcaption class="quiet">{label}</figcaption>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable from the keyboard */}
      <pre tabIndex={0}>{of}</pre>
    </figure>
  );
}
