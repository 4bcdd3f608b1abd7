import type { ComponentType } from 'preact';
import { type Choice, choicesOf, labelOf, type Parameter } from './fields.ts';

/** Props of a control: the field that it shows, and how its value is changed. */
interface ControlProps {
  readonly parameter: Parameter;
  readonly value: unknown;
  /** Sets the value; undefined takes it away. */
  readonly set: (value: unknown) => void;
  /** Of the element, which its label names. */
  readonly id: string;
  /** Ids of the texts that explain it. */
  readonly describedBy: string | undefined;
  readonly disabled: boolean;
  readonly invalid: boolean;
}

/** A control for the value of a field of a type. */
export interface Control {
  readonly Show: ComponentType<ControlProps>;
  /** True if it consists of several inputs, which a fieldset with a legend names. */
  readonly isGroup?: boolean;
}

/** Shows a field in a single line of the browser's own kind. */
function line(type: 'text' | 'password' | 'email' | 'url', mode?: 'numeric' | 'decimal'): Control {
  const Show = ({ parameter, value, set, id, describedBy, disabled, invalid }: ControlProps) => (
    <input
      id={id}
      type={type as 'text'}
      inputMode={mode}
      value={typeof value === 'string' || typeof value === 'number' ? String(value) : ''}
      onInput={({ currentTarget: { value: text } }) => set(mode === undefined ? given(text) : numberIn(text))}
      aria-describedby={describedBy}
      aria-invalid={invalid}
      aria-required={parameter.required === true}
      disabled={disabled}
      autoComplete={type === 'password' ? 'new-password' : 'off'}
      spellcheck={false}
    />
  );
  return { Show };
}

const given = (text: string) => (text === '' ? undefined : text);

/** Text that is not a number is sent as it is: the harness reports it. */
const numberIn = (text: string) => (text === '' ? undefined : Number.isNaN(Number(text)) ? text : Number(text));

const oneLine = line('text');

function lines(read: (text: string) => unknown, write: (value: unknown) => string): Control {
  const Show = ({ parameter, value, set, id, describedBy, disabled, invalid }: ControlProps) => (
    <textarea
      id={id}
      rows={4}
      value={write(value)}
      onInput={({ currentTarget }) => set(read(currentTarget.value))}
      aria-describedby={describedBy}
      aria-invalid={invalid}
      aria-required={parameter.required === true}
      disabled={disabled}
      spellcheck={false}
    />
  );
  return { Show };
}

const many = lines(given, (value) => (value === undefined ? '' : String(value)));

/** For values of any type: JSON, or else the text. */
const anything = lines(
  (text) => {
    try {
      return text === '' ? undefined : JSON.parse(text);
    } catch {
      return text;
    }
  },
  (value) => (value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value)),
);

const YES_NO: readonly Choice[] = [
  { value: true, label: 'Yes', nested: [], isDefault: false },
  { value: false, label: 'No', nested: [], isDefault: false },
  { value: undefined, label: 'Not set', nested: [], isDefault: false },
];

const checkbox: Control = {
  Show: ({ value, set, id, describedBy, disabled, invalid }) => (
    <input
      id={id}
      type="checkbox"
      checked={value === true}
      onChange={({ currentTarget }) => set(currentTarget.checked)}
      aria-describedby={describedBy}
      aria-invalid={invalid}
      disabled={disabled}
    />
  ),
};

function Radios({ choices, value, set, id, disabled }: ControlProps & { readonly choices: readonly Choice[] }) {
  return (
    <>
      {choices.map((choice, index) => (
        <label key={index} class="option">
          <input
            type="radio"
            name={id}
            checked={choice.value === value}
            onChange={() => set(choice.value)}
            disabled={disabled}
          />{' '}
          {choice.label}
        </label>
      ))}
    </>
  );
}

const yesNo: Control = { isGroup: true, Show: (props) => <Radios {...props} choices={YES_NO} /> };

const radio: Control = {
  isGroup: true,
  Show: (props) => <Radios {...props} choices={choicesOf(props.parameter) ?? []} />,
};

const menu: Control = {
  Show: ({ parameter, value, set, id, describedBy, disabled, invalid }) => {
    const choices = choicesOf(parameter) ?? [];
    const multiple = parameter.multiple === true;
    const chosen = Array.isArray(value) ? value : [value];
    const groups = [...new Set(choices.map(({ group }) => group))];
    const option = (choice: Choice) => {
      const index = choices.indexOf(choice);
      return (
        <option key={index} value={index} selected={chosen.includes(choice.value)}>
          {choice.label}
        </option>
      );
    };
    return (
      <select
        id={id}
        multiple={multiple}
        onChange={({ currentTarget: { selectedOptions } }) => {
          const picked = [...selectedOptions].flatMap((each) =>
            each.value === '' ? [] : [choices[Number(each.value)]],
          );
          set(multiple ? picked.map((each) => each?.value) : picked[0]?.value);
        }}
        aria-describedby={describedBy}
        aria-invalid={invalid}
        aria-required={parameter.required === true}
        disabled={disabled}
      >
        {!multiple && (
          <option value="" selected={value === undefined}>
            Choose…
          </option>
        )}
        {groups.map((group) => {
          const inside = choices.filter((each) => each.group === group).map(option);
          return group === undefined ? (
            inside
          ) : (
            <optgroup key={group} label={group}>
              {inside}
            </optgroup>
          );
        })}
      </select>
    );
  },
};

/** Type of a parameter → its control, for those that hold one value. */
const CONTROLS: ReadonlyMap<string, Control> = new Map(
  Object.entries({
    text: oneLine,
    password: line('password'),
    email: line('email'),
    url: line('url'),
    number: line('text', 'decimal'),
    integer: line('text', 'numeric'),
    uinteger: line('text', 'numeric'),
    port: line('text', 'numeric'),
    boolean: yesNo,
    checkbox,
    date: oneLine,
    time: oneLine,
    timestamp: oneLine,
    json: many,
    buffer: many,
    cert: many,
    pkey: many,
    editor: many,
    select: menu,
    list: menu,
    radio,
    filter: anything,
    any: anything,
  }),
);

/** The control of a parameter: by its type, and by what else it says. */
export function controlOf(parameter: Parameter): Control {
  const { type, multiline, required } = parameter;
  const found = CONTROLS.get(String(type)) ?? oneLine;
  if ((found === menu || found === radio) && choicesOf(parameter) === undefined) return oneLine;
  if (found === yesNo && required === true) return checkbox;
  return multiline === true ? many : found;
}

/** How a value has to be written, where its type does not tell. */
const FORMATS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    date: 'ISO 8601, such as 2030-01-31T12:00:00Z',
    timestamp: 'ISO 8601, such as 2030-01-31T12:00:00Z',
    time: 'Such as 12:30:00Z',
    buffer: 'In base64',
    pkey: 'PEM',
    cert: 'PEM',
    filter: 'JSON',
  }),
);

/** Notes on writing a value here, where it differs from Make’s form. */
export function noteOf(parameter: Parameter): string | undefined {
  const { type, options } = parameter;
  if (typeof options === 'string')
    return `Make asks ${options} for the options of ${labelOf(parameter)}. Write a value.`;
  return FORMATS.get(String(type));
}
