import { SECTIONS } from '@connectorkit/sdk';
import { PLATFORMS } from '@connectorkit/sdk/platforms';
import type { Candidate } from './candidates.ts';

/**
 * The sections of a connection, by name. In a file of their own, because loading the whole sdk at run time would put all
 * of it into every start of the bundle.
 */
export function sectionNames(): Candidate[] {
  return SECTIONS.map(({ name, summary }) => ({ value: name, about: summary }));
}

/** The platforms, by name. */
export function platformNames(): Candidate[] {
  return Object.values(PLATFORMS).map(({ name, title }) => ({ value: name, about: title }));
}
