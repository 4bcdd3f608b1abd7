import type { Path } from '../diagnostics.ts';
import type { Span } from '../iml/tree.ts';
import type { CreateType } from '../sections/create-types.ts';
import type { SectionName } from '../sections/index.ts';

/** A connection as analysis and rules see it: the values of the sections that are there and passed their schema. */
export interface Declared {
  readonly type: CreateType;
  readonly sections: { readonly [name in SectionName]?: unknown };
  /** Sections that the connection has not, here or on the platform; one that failed its schema is none of them. */
  readonly absent?: readonly SectionName[];
}

/** A place in a section of a connection. */
export interface SectionPlace {
  readonly section: SectionName;
  readonly path: Path;
  /** True if the place is the property's name or its value; the value by default. */
  readonly part?: 'key' | 'value';
  /** The stretch that is meant, when it is not the whole string: in UTF-16 code units of its value. */
  readonly span?: Span;
}

/** A place with a message of its own, such as "Declared here." */
export interface NamedPlace extends SectionPlace {
  readonly message: string;
}
