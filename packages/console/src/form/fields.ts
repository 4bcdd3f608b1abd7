/** A parameter of a form, as it was pushed: JSON of somebody else's. */
export type Parameter = Readonly<Record<string, unknown>>;

/** Values of a form by the names of its fields. */
export type Values = Readonly<Record<string, unknown>>;

/** An option that a field offers. */
export interface Choice {
  readonly value: unknown;
  readonly label: string;
  /** Label of the group that it is in. */
  readonly group?: string;
  /** Fields that are shown when it is chosen. */
  readonly nested: readonly unknown[];
  readonly isDefault: boolean;
}

export function isObject(value: unknown): value is Parameter {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A text of a parameter; undefined for what is none. */
export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** The label of a field: its name where there is none. */
export function labelOf({ label, name, type }: Parameter): string {
  return textOf(label) ?? textOf(name) ?? textOf(type) ?? 'Field';
}

/** A list of fields, be it a bare one or in a `store`. */
function listIn(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  return isObject(value) && Array.isArray(value.store) ? value.store : [];
}

/** The options that a parameter lists, groups unfolded; undefined if they come from a function of the app. */
export function choicesOf({ options }: Parameter): readonly Choice[] | undefined {
  if (!Array.isArray(options) && !(isObject(options) && Array.isArray(options.store))) return undefined;
  return listIn(options).flatMap((option): Choice[] => {
    if (!isObject(option)) return [];
    if (!Array.isArray(option.options)) return [choiceOf(option)];
    const group = labelOf(option);
    return option.options.filter(isObject).map((each) => ({ ...choiceOf(each), group }));
  });
}

function choiceOf(option: Parameter): Choice {
  const { value, label, nested } = option;
  const words = textOf(label) ?? (typeof value === 'string' ? value : JSON.stringify(value));
  return { value, label: words ?? '', nested: listIn(nested), isDefault: option.default === true };
}

/** The value of a field: what was entered, or else its default, unless only the platform knows that. */
export function valueIn(parameter: Parameter, values: Values): unknown {
  const { name, multiple } = parameter;
  if (typeof name === 'string' && Object.hasOwn(values, name)) return values[name];
  const preset = parameter.default;
  if (preset !== undefined) return typeof preset === 'string' && preset.includes('{{') ? undefined : preset;
  const chosen = (choicesOf(parameter) ?? []).filter(({ isDefault }) => isDefault).map(({ value }) => value);
  return multiple === true && chosen.length > 0 ? chosen : chosen[0];
}

/** The fields that the value of a field shows behind it. */
export function nestedOf(parameter: Parameter, value: unknown): readonly unknown[] {
  const choices = choicesOf(parameter);
  if (choices === undefined) return value === true ? listIn(parameter.nested) : [];
  const chosen = Array.isArray(value) ? value : [value];
  const { options } = parameter;
  const holder = isObject(options) ? (value === undefined ? options.placeholder : options) : undefined;
  const besides = isObject(holder) ? listIn(holder.nested) : [];
  return [...besides, ...choices.filter((each) => chosen.includes(each.value)).flatMap(({ nested }) => nested)];
}

/** True if users may change the value of a connection that they made. */
export function isEditable({ editable }: Parameter): boolean {
  return editable === true || (isObject(editable) && editable.enabled === true);
}

/** The help about changing the value, for users. */
export function editHelpOf({ editable }: Parameter): string | undefined {
  return isObject(editable) ? textOf(editable.help) : undefined;
}

/** True if a list, or what its fields may show, has fields that are shown on demand. */
export function hasAdvanced(list: readonly unknown[]): boolean {
  return list.some((item) => isObject(item) && (item.advanced === true || hasAdvanced(deeper(item))));
}

function deeper(parameter: Parameter): readonly unknown[] {
  const nested = (choicesOf(parameter) ?? []).flatMap((choice) => choice.nested);
  return [...nested, ...listIn(parameter.nested), ...(parameter.type === 'collection' ? listIn(parameter.spec) : [])];
}
