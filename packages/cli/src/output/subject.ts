import type { Files, Project } from '@connectorkit/sdk';

/** A project as output needs it: how it is opened is handed in, because help and errors of usage need none. */
export interface Subject {
  /** Absolute. */
  readonly root: string;
  readonly files: Files;
  /** Opens it without its connections. Throws as openProject does. */
  open(): Project;
}

/** The project without its connections; undefined where none can be opened. */
export function openOrNothing(subject: Subject | undefined): Project | undefined {
  try {
    return subject?.open();
  } catch {
    return undefined;
  }
}
