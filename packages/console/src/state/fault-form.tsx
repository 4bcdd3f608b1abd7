import type { FaultRule } from '@connectorkit/harness';
import { useId, useState } from 'preact/hooks';
import { ask } from '../harness.ts';
import { ErrorState, Loaded } from '../parts/states.tsx';
import { usePlatforms } from '../platforms.ts';
import { useAction, useAnswer } from '../resource.ts';

/** Description of a fault's effect, as the harness has it. */
interface Effect {
  readonly name: FaultRule['effect'];
  readonly summary: string;
  readonly preset?: Partial<FaultRule>;
  /** Operations of the local provider; where there are some, the fault is for no others. */
  readonly operations?: readonly string[];
}

type Values = Readonly<Partial<Record<keyof FaultRule, string>>>;

/** Fields with a number; those without `own` are for every effect, the others for effects that preset them. */
const NUMBERS: readonly { readonly name: keyof FaultRule; readonly label: string; readonly own?: true }[] = [
  { name: 'times', label: 'How many times (empty: until it is removed)' },
  { name: 'after', label: 'Requests that succeed first' },
  { name: 'share', label: 'Share of the requests, up to 1' },
  { name: 'status', label: 'Status of the answer', own: true },
  { name: 'milliseconds', label: 'Delay in milliseconds', own: true },
  { name: 'retryAfter', label: 'Retry-After in seconds', own: true },
];

/** A form that sets a fault. */
export function FaultForm({ done }: { readonly done: () => void }) {
  const effects = useAnswer<{ readonly effects: readonly Effect[] }>('/faults/effects');
  return (
    <details class="adding">
      <summary>Set a fault</summary>
      <Loaded of={effects}>{(value) => <Fields effects={value.effects} done={done} />}</Loaded>
    </details>
  );
}

function Fields({ effects, done }: { readonly effects: readonly Effect[]; readonly done: () => void }) {
  const [values, setValues] = useState<Values>({ effect: 'status', times: '1' });
  const list = useId();
  const effect = effects.find(({ name }) => name === values.effect) ?? (effects[0] as Effect);
  const platforms = usePlatforms();
  const isProviders = effect.operations !== undefined;
  const platform = isProviders || values.platform === undefined ? undefined : values.platform;
  const operations = useAnswer<{ readonly operations: readonly { readonly id: string }[] }>(
    platform === undefined || platform === 'provider' ? undefined : `/platforms/${platform}/operations`,
  );
  const set = (name: keyof FaultRule, value: string) =>
    setValues({ ...values, [name]: value === '' ? undefined : value });
  const add = useAction(async () => {
    await ask('POST', '/faults', ruleOf(values, effect));
    done();
  });
  return (
    <form
      class="fields"
      onSubmit={(event) => {
        event.preventDefault();
        add.run();
      }}
    >
      <label>
        Effect
        <select value={effect.name} onChange={({ currentTarget }) => set('effect', currentTarget.value)}>
          {effects.map(({ name }) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <p class="quiet wide">
        {isProviders ? `The local provider ${effect.summary}.` : `The platform ${effect.summary}.`}
      </p>
      {!isProviders && (
        <>
          <label>
            Platform
            <select
              value={values.platform ?? ''}
              onChange={({ currentTarget }) => set('platform', currentTarget.value)}
            >
              <option value="">All</option>
              {platforms.value?.map(({ name, title }) => (
                <option key={name} value={name}>
                  {title}
                </option>
              ))}
              <option value="provider">Local provider</option>
            </select>
          </label>
          <label>
            Operation (empty: all)
            <input
              type="text"
              list={list}
              value={values.operation ?? ''}
              onInput={({ currentTarget }) => set('operation', currentTarget.value)}
            />
            <datalist id={list}>
              {operations.value?.operations.map(({ id }) => (
                <option key={id} value={id} />
              ))}
            </datalist>
          </label>
          <label>
            Requests
            <select value={values.calls ?? ''} onChange={({ currentTarget }) => set('calls', currentTarget.value)}>
              <option value="">All</option>
              <option value="reads">Those that read</option>
              <option value="writes">Those that write</option>
            </select>
          </label>
        </>
      )}
      {numbersOf(effect).map(({ name, label }) => (
        <label key={name}>
          {label}
          <input
            type="text"
            inputMode="decimal"
            placeholder={String(effect.preset?.[name] ?? '')}
            value={values[name] ?? ''}
            onInput={({ currentTarget }) => set(name, currentTarget.value)}
          />
        </label>
      ))}
      <button type="submit" class="primary" disabled={add.busy}>
        Set the fault
      </button>
      {add.error !== undefined && <ErrorState error={add.error} />}
    </form>
  );
}

function numbersOf({ preset = {} }: Effect) {
  return NUMBERS.filter(({ name, own }) => own === undefined || Object.hasOwn(preset, name));
}

/** The rule as it is sent. A text that is no number is sent as it is: the harness tells what it wants in its place. */
function ruleOf(values: Values, effect: Effect): object {
  const numbers = numbersOf(effect).map(({ name }) => [name, values[name]] as const);
  const read = numbers.flatMap(([name, text]) => {
    if (text === undefined || text.trim() === '') return [];
    const number = Number(text);
    return [[name, Number.isNaN(number) ? text : number]];
  });
  const { platform, operation, calls } = effect.operations === undefined ? values : {};
  const chosen = Object.entries({ platform, operation, calls }).filter(([, value]) => value !== undefined);
  return { effect: effect.name, ...Object.fromEntries(chosen), ...Object.fromEntries(read) };
}
