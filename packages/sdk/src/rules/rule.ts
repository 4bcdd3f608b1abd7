import type { Declared, NamedPlace, SectionPlace } from '../analysis/declared.ts';
import type { Path, Severity } from '../diagnostics.ts';
import type { SectionName } from '../sections/index.ts';
import type { TrapName } from '../traps.ts';

/** A problem that a rule found; its runner turns the path into a place, and adds code and severity. */
export interface Finding extends SectionPlace {
  readonly message: string;
  readonly hint?: string;
  readonly trap?: TrapName;
  readonly found?: string;
  readonly expected?: string;
  /** Another place in the same connection that belongs to the problem. */
  readonly related?: NamedPlace;
  /** Changes that fix it without a doubt. */
  readonly fix?: { readonly title: string; readonly changes: readonly Change[] };
}

/** The value that is put at the path: undefined removes what stands there; an index behind the last item adds one. */
export interface Change {
  readonly section: SectionName;
  readonly path: Path;
  readonly value: unknown;
}

/** Takes one problem that a rule found. */
export type Report = (finding: Finding) => void;

/** A rule: a check that a schema cannot express. An entry carries its page and its proof. */
export interface Rule {
  /** `theme/fact`; stable. */
  readonly code: string;
  readonly severity: Severity;
  readonly title: string;
  readonly why: string;
  /** Advice; the last paragraph of the rule's page. */
  readonly remedy: string;
  /** Reports each problem that it finds. About a section that is absent, a rule is silent. */
  readonly check: (connection: Declared, report: Report) => void;
  /** Makes a connection that raises this code and no other error. */
  readonly bad: () => Declared;
  /** Makes a connection that raises nothing. */
  readonly good: () => Declared;
}
