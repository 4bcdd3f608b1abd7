import { api } from './api.ts';
import { common } from './common.ts';
import { install } from './install.ts';
import { installSpec } from './installSpec.ts';
import { parameters } from './parameters.ts';
import { scope } from './scope.ts';
import { scopes } from './scopes.ts';

/** Sections of a connection, in the order in which they are read, shown and pushed. */
export const SECTIONS = [api, parameters, scope, scopes, install, installSpec, common] as const;

export type SectionName = (typeof SECTIONS)[number]['name'];

/** The section of that name; undefined when there is none. */
export function sectionNamed(name: string): (typeof SECTIONS)[number] | undefined {
  return SECTIONS.find((section) => section.name === name);
}
