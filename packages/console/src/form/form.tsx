import type { Path } from '@connectorkit/sdk';
import type { ComponentChildren } from 'preact';
import { useId, useState } from 'preact/hooks';
import { Prose } from '../parts/prose.tsx';
import { controlOf, noteOf } from './control.tsx';
import {
  editHelpOf,
  hasAdvanced,
  isEditable,
  isObject,
  labelOf,
  nestedOf,
  type Parameter,
  textOf,
  type Values,
  valueIn,
} from './fields.ts';

/** A problem of a value, by the path of its field. */
interface FieldProblem {
  readonly path?: Path | undefined;
  readonly message: string;
}

interface Surroundings {
  readonly values: Values;
  readonly set: (values: Values) => void;
  readonly problems: readonly FieldProblem[];
  readonly path: Path;
  /** True if a connection is edited that was made before: what is not editable is locked. */
  readonly editing: boolean;
  readonly advanced: boolean;
}

/** The fields of a form as Make shows them; those that are advanced on demand. */
export function Fields({ of, ...rest }: { readonly of: readonly unknown[] } & Omit<Surroundings, 'advanced' | 'path'>) {
  const [advanced, setAdvanced] = useState(false);
  return (
    <>
      <List of={of} {...rest} path={[]} advanced={advanced} />
      {hasAdvanced(of) && (
        <label class="option">
          <input
            type="checkbox"
            checked={advanced}
            onChange={({ currentTarget }) => setAdvanced(currentTarget.checked)}
          />{' '}
          Show advanced settings
        </label>
      )}
    </>
  );
}

function List({ of, ...surroundings }: { readonly of: readonly unknown[] } & Surroundings) {
  return (
    <>
      {of.map((item, index) => (
        <Item key={isObject(item) && typeof item.name === 'string' ? item.name : index} item={item} {...surroundings} />
      ))}
    </>
  );
}

function Item({ item, ...surroundings }: { readonly item: unknown } & Surroundings) {
  if (typeof item === 'string') return <p class="quiet">Make asks {item} for further fields.</p>;
  if (!isObject(item)) return null;
  const Visual = VISUALS.get(String(item.type));
  if (Visual !== undefined) return <Visual {...item} />;
  if (typeof item.name !== 'string' || item.type === 'hidden') return null;
  if (item.advanced === true && !surroundings.advanced) return null;
  const { values, set } = surroundings;
  const { name } = item;
  const value = valueIn(item, values);
  const change = (next: unknown) => set(changed(values, name, next));
  const nested = nestedOf(item, value);
  return (
    <>
      <Field parameter={item} value={value} change={change} {...surroundings} path={[...surroundings.path, name]} />
      {nested.length > 0 && (
        <div class="nested">
          <List of={nested} {...surroundings} />
        </div>
      )}
    </>
  );
}

function changed(values: Values, name: string, value: unknown): Values {
  const { [name]: _, ...others } = values;
  return value === undefined ? others : { ...others, [name]: value };
}

/** Types of parameters that only show something. Texts are Markdown; HTML is shown as text. */
const VISUALS = new Map<string, (item: Parameter) => ComponentChildren>(
  Object.entries({
    banner: ({ title, text }: Parameter) => (
      <div class="banner" role="note">
        {textOf(title) && (
          <p>
            <strong>{textOf(title)}</strong>
          </p>
        )}
        {textOf(text) && <Prose of={String(text)} />}
      </div>
    ),
    html: ({ label }: Parameter) => <p>{textOf(label)?.replace(/<[^<>]*>/g, '')}</p>,
    markdown: ({ label, value }: Parameter) => <Prose of={textOf(label) ?? textOf(value) ?? ''} />,
    separator: () => <hr />,
  }),
);

interface FieldProps extends Surroundings {
  readonly parameter: Parameter;
  readonly value: unknown;
  readonly change: (value: unknown) => void;
}

function Field({ parameter, value, change, ...surroundings }: FieldProps) {
  const id = useId();
  const { problems, path, editing } = surroundings;
  const own = problems.filter((each) => JSON.stringify(each.path) === JSON.stringify(path));
  const isLocked = parameter.disabled === true || (editing && !isEditable(parameter));
  const texts = explained(parameter, editing, isLocked);
  const control = COMPOUNDS.get(String(parameter.type)) === undefined ? controlOf(parameter) : undefined;
  const describedBy = [...(texts.length > 0 ? [`${id}-help`] : []), ...(own.length > 0 ? [`${id}-problem`] : [])];
  const label = (
    <>
      {labelOf(parameter)}
      {parameter.required === true && <span class="required"> (required)</span>}
    </>
  );
  const explanation = (
    <>
      {texts.length > 0 && (
        <div id={`${id}-help`} class="help">
          {texts.map((text, index) => (
            <Prose key={index} of={text} />
          ))}
        </div>
      )}
      {own.length > 0 && (
        <p id={`${id}-problem`} class="problem" role="alert">
          {own.map(({ message }) => message).join(' ')}
        </p>
      )}
    </>
  );
  const described = describedBy.length === 0 ? undefined : describedBy.join(' ');
  const props = { parameter, value, set: change, id, describedBy: described, disabled: isLocked };
  const inner = control && <control.Show {...props} invalid={own.length > 0} />;
  if (control !== undefined && control.isGroup !== true) {
    return (
      <div class="field">
        <label for={id}>{label}</label>
        {inner}
        {explanation}
      </div>
    );
  }
  const Compound = COMPOUNDS.get(String(parameter.type));
  return (
    <fieldset class="field" aria-describedby={described}>
      <legend>{label}</legend>
      {explanation}
      {inner}
      {Compound && <Compound parameter={parameter} value={value} change={change} {...surroundings} />}
    </fieldset>
  );
}

/** Texts below a field. */
function explained(parameter: Parameter, editing: boolean, isLocked: boolean): readonly string[] {
  const texts = [
    textOf(parameter.help),
    editing ? editHelpOf(parameter) : undefined,
    editing && isLocked ? 'This cannot be changed after connecting.' : undefined,
    editing && !isLocked && parameter.type === 'password' ? 'The current value is not shown.' : undefined,
    noteOf(parameter),
  ];
  return texts.filter((text) => text !== undefined);
}

function Collection({ parameter, value, change, ...surroundings }: FieldProps) {
  const spec = Array.isArray(parameter.spec) ? parameter.spec : [];
  return <List {...surroundings} of={spec} values={isObject(value) ? value : {}} set={change} />;
}

function Items({ parameter, value, change, ...surroundings }: FieldProps) {
  const { spec, labels } = parameter;
  const items = Array.isArray(value) ? value : [];
  const put = (index: number, item: unknown) => change(items.map((each, at) => (at === index ? item : each)));
  const add = (isObject(labels) && textOf(labels.add)) || 'Add an item';
  const { path } = surroundings;
  return (
    <>
      {items.map((item, index) => (
        <div key={index} class="item">
          {Array.isArray(spec) ? (
            <List
              {...surroundings}
              of={spec}
              path={[...path, index]}
              values={isObject(item) ? item : {}}
              set={(next) => put(index, next)}
            />
          ) : (
            <Field
              {...surroundings}
              parameter={{ label: `Item ${index + 1}`, ...(isObject(spec) ? spec : { type: 'text' }) }}
              value={item}
              change={(next) => put(index, next ?? '')}
              path={[...path, index]}
            />
          )}
          <button type="button" onClick={() => change(items.filter((_, at) => at !== index))}>
            Remove item {index + 1}
          </button>
        </div>
      ))}
      <button type="button" onClick={() => change([...items, Array.isArray(spec) ? {} : ''])}>
        {add}
      </button>
    </>
  );
}

/** Types of parameters that hold other fields. */
const COMPOUNDS = new Map<string, (props: FieldProps) => ComponentChildren>(
  Object.entries({
    collection: Collection,
    array: Items,
  }),
);
