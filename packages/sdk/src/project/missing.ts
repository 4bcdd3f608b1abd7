import type { Diagnostic } from '../diagnostics.ts';
import { SECTIONS, type SectionName } from '../sections/index.ts';
import type { Section } from '../sections/section.ts';
import type { Connection } from './project.ts';

/** The sections that a connection does nothing without. */
export const REQUIRED: readonly SectionName[] = SECTIONS.flatMap((section: Section & { readonly name: SectionName }) =>
  section.required === true ? [section.name] : [],
);

/** The sections that a connection cannot do without and lacks, but for those that are left to the platform. */
export function missingSections(
  sections: Connection['sections'],
  unmanaged: readonly SectionName[],
): readonly (typeof SECTIONS)[number][] {
  return SECTIONS.filter(
    ({ name }) => REQUIRED.includes(name) && sections[name] === undefined && !unmanaged.includes(name),
  );
}

/** The problem of a project without connections, in the file that says which there are. */
export function noConnections(file: string, hint: string): Diagnostic {
  return {
    code: 'project/no-connections',
    severity: 'warning',
    message: 'The project has no connections.',
    hint,
    file,
  };
}

/** Returns the problem of a missing section, without its place. */
export function missingSection(name: SectionName, hint: string): Diagnostic {
  return {
    code: 'project/missing-section',
    severity: 'error',
    message: `The connection has no ${name}, which it needs to work.`,
    hint,
  };
}
