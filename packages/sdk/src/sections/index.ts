import { api } from './api.ts';
import { common } from './common.ts';
import { install } from './install.ts';
import { installSpec } from './installSpec.ts';
import { parameters } from './parameters.ts';
import { scope } from './scope.ts';
import { scopes } from './scopes.ts';
import type { Section } from './section.ts';

/** Sections of a connection, in the order in which they are read, shown and pushed. */
export const SECTIONS = withNames([api, parameters, scope, scopes, install, installSpec, common]);

/** Sections whose names are known to the compiler, and nothing else of their literals: those make an unreadable type. */
function withNames<Name extends string>(
  sections: readonly (Section & { readonly name: Name })[],
): readonly (Section & { readonly name: Name })[] {
  return sections;
}

/** The name of a section, as in `api`. */
export type SectionName = (typeof SECTIONS)[number]['name'];

/** The section of that name; undefined when there is none. */
export function sectionNamed(name: string): (typeof SECTIONS)[number] | undefined {
  return SECTIONS.find((section) => section.name === name);
}
