import { useEffect, useRef, useState } from 'preact/hooks';
import { usePlatforms } from '../platforms.ts';
import { addressOf, go } from '../routes.ts';

/** Fields of the filter, as they stand in the address. */
export interface Filter {
  readonly platform?: string;
  readonly method?: string;
  readonly status?: string;
  readonly path?: string;
  /** A key of SINCE. */
  readonly since?: string;
}

type Choice = readonly [value: string, title: string];

const METHODS: readonly Choice[] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'].map((each) => [each, each]);

const STATUSES: readonly Choice[] = [
  ['2xx', '2xx'],
  ['3xx', '3xx'],
  ['4xx', '4xx'],
  ['401', '401'],
  ['404', '404'],
  ['429', '429'],
  ['5xx', '5xx'],
  ['0', 'Connection cut'],
];

/** Spans of time, with their milliseconds. */
const SINCE: ReadonlyMap<string, readonly [title: string, milliseconds: number]> = new Map([
  ['1m', ['Last minute', 60_000]],
  ['10m', ['Last 10 minutes', 600_000]],
  ['1h', ['Last hour', 3_600_000]],
  ['1d', ['Last day', 86_400_000]],
]);

/** Milliseconds after a key before the text is searched for. */
const PAUSE = 200;

const NAMES = ['platform', 'method', 'status', 'path', 'since'] as const;

export function filterIn(query: URLSearchParams): Filter {
  const fields = NAMES.map((name) => [name, query.get(name) || undefined] as const);
  return Object.fromEntries(fields.filter(([, value]) => value !== undefined));
}

/** The filter as the harness takes it, from a moment on. */
export function queryOf({ since, ...same }: Filter, now: number): string {
  const [, milliseconds] = SINCE.get(since ?? '') ?? [];
  const from = milliseconds === undefined ? {} : { since: new Date(now - milliseconds).toISOString() };
  return new URLSearchParams({ ...same, ...from } as Record<string, string>).toString();
}

/** Lets the user choose which entries are shown; the choice stands in the address. */
export function FilterForm({ filter, number }: FilterFormProps) {
  const platforms = usePlatforms();
  const change = (field: keyof Filter, value: string) => {
    const parts = number === undefined ? ['journal'] : ['journal', String(number)];
    go(addressOf(parts, { ...filter, [field]: value || undefined }), { replaces: true });
  };
  const named: readonly Choice[] = [
    ...(platforms.value ?? []).map(({ name, title }): Choice => [name, title]),
    ['provider', 'Local provider'],
  ];
  const since = [...SINCE].map(([value, [title]]): Choice => [value, title]);
  return (
    <form class="filter" aria-label="Filter" onSubmit={(event) => event.preventDefault()}>
      <PathField value={filter.path ?? ''} change={(value) => change('path', value)} />
      <ChoiceField
        label="Platform"
        choices={named}
        value={filter.platform}
        change={(value) => change('platform', value)}
      />
      <ChoiceField label="Method" choices={METHODS} value={filter.method} change={(value) => change('method', value)} />
      <ChoiceField
        label="Status"
        choices={STATUSES}
        value={filter.status}
        change={(value) => change('status', value)}
      />
      <ChoiceField label="Time" choices={since} value={filter.since} change={(value) => change('since', value)} />
    </form>
  );
}

interface FilterFormProps {
  readonly filter: Filter;
  /** Number of the entry that is opened. */
  readonly number: number | undefined;
}

function PathField({ value, change }: { readonly value: string; readonly change: (value: string) => void }) {
  const [text, setText] = useState(value);
  const timer = useRef(0);
  useEffect(() => setText(value), [value]);
  useEffect(() => () => clearTimeout(timer.current), []);
  return (
    <label>
      Part of the path
      <input
        type="search"
        value={text}
        maxLength={1000}
        onInput={({ currentTarget }) => {
          setText(currentTarget.value);
          clearTimeout(timer.current);
          timer.current = window.setTimeout(change, PAUSE, currentTarget.value);
        }}
      />
    </label>
  );
}

function ChoiceField({ label, choices, value, change }: ChoiceFieldProps) {
  // A value of the address that is none of the choices is one as well.
  const known = value === undefined || choices.some(([each]) => each === value);
  return (
    <label>
      {label}
      <select value={value ?? ''} onChange={({ currentTarget }) => change(currentTarget.value)}>
        <option value="">All</option>
        {choices.map(([each, title]) => (
          <option key={each} value={each}>
            {title}
          </option>
        ))}
        {!known && <option value={value}>{value}</option>}
      </select>
    </label>
  );
}

interface ChoiceFieldProps {
  readonly label: string;
  readonly choices: readonly Choice[];
  readonly value: string | undefined;
  readonly change: (value: string) => void;
}
