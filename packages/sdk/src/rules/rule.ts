import type { Path, Severity } from '../diagnostics.ts';
import type { Span } from '../iml/tree.ts';
import type { CreateType } from '../sections/create-types.ts';
import type { SectionName } from '../sections/index.ts';

/** A connection as rules see it: the values of the sections that are there and passed their schema. */
export interface Declared {
  readonly type: CreateType;
  readonly sections: { readonly [name in SectionName]?: unknown };
  /** Sections that the connection has not, here or on the platform; one that failed its schema is none of them. */
  readonly absent?: readonly SectionName[];
}

/** A problem that a rule found; the reader turns its path into a place and adds code and severity. */
export interface Finding {
  readonly section: SectionName;
  readonly path: Path;
  /** Whether the place is the property's name or its value (default: the value). */
  readonly part?: 'key' | 'value';
  /** The stretch that is meant, when it is not the whole string: in UTF-16 code units of its value. */
  readonly span?: Span;
  readonly message: string;
  readonly hint?: string;
  readonly found?: string;
  readonly expected?: string;
  /** Another place in the same connection that belongs to the problem. */
  readonly related?: {
    readonly message: string;
    readonly section: SectionName;
    readonly path: Path;
    readonly part?: 'key' | 'value';
    readonly span?: Span;
  };
  /** What mends it without a doubt. */
  readonly fix?: { readonly title: string; readonly changes: readonly Change[] };
}

/** The value that is put at the path: undefined removes what stands there; an index behind the last item adds one. */
export interface Change {
  readonly section: SectionName;
  readonly path: Path;
  readonly value: unknown;
}

/** Takes what a rule found. */
export type Tell = (finding: Finding) => void;

/** What a schema cannot say. An entry carries its page and its proof. */
export interface Rule {
  /** `theme/fact`; stable. */
  readonly code: string;
  readonly severity: Severity;
  readonly title: string;
  readonly why: string;
  readonly mend: string;
  /** Tells what it finds. About a section that is absent, a rule is silent. */
  readonly check: (connection: Declared, tell: Tell) => void;
  /** Raises this code and no other error. */
  readonly bad: Declared;
  /** Raises nothing. */
  readonly good: Declared;
}

/** Everything that the rule finds in the connection. */
export function findingsOf({ check }: Pick<Rule, 'check'>, connection: Declared): readonly Finding[] {
  const findings: Finding[] = [];
  check(connection, (finding) => findings.push(finding));
  return findings;
}
