import { named } from '../iml/print.ts';
import { escaped } from './completion.ts';
import type { Stretch } from './json-text.ts';
import type { Namespace, NameUse } from './names.ts';

/** A replacement in a file, as it stands in the text. */
export interface Replacement extends Stretch {
  readonly file: string;
  readonly text: string;
}

/** Why names of a kind are not renamed; the others are. */
const KEPT: Readonly<Partial<Record<Namespace, string>>> = {
  common:
    'Keys of common are not renamed: their values lie in a local file and in environment variables of every machine.',
  scope: 'Scopes are not renamed: their names are those of the provider.',
};

/** Kinds of names that are read by the same variable. */
const TOGETHER: Readonly<Partial<Record<Namespace, readonly Namespace[]>>> = {
  parameters: ['parameters', 'data'],
  data: ['data', 'parameters'],
};

/** Why a name cannot be renamed, whatever its new name is; undefined when it can. */
export function refusal({ namespace }: Pick<NameUse, 'namespace'>): string | undefined {
  return KEPT[namespace];
}

/**
 * Replaces a name everywhere. @param all every name of the connection, with its places
 * @returns the replacements, or why the new name cannot be taken
 */
export function renamed(
  { namespace, name }: Pick<NameUse, 'namespace' | 'name'>,
  to: string,
  all: readonly NameUse[],
): readonly Replacement[] | string {
  const refused = refusal({ namespace }) ?? problemOf(to);
  if (refused !== undefined) return refused;
  const others = TOGETHER[namespace] ?? [namespace];
  const taken = to !== name && all.find((use) => use.name === to && others.includes(use.namespace));
  if (taken) return `${JSON.stringify(to)} is a name of ${taken.namespace} already.`;
  return all
    .filter((use) => use.namespace === namespace && use.name === name)
    .map(({ file, offset, end, inExpression }) => {
      return { file, offset, end, text: escaped(inExpression ? named(to) : to) };
    });
}

function problemOf(name: string): string | undefined {
  if (name.trim() === '') return 'A name cannot be empty.';
  if (/[`]|\{\{|\}\}/.test(name)) return 'A name cannot hold backticks or double braces: no expression could read it.';
  return undefined;
}
