import type { ComponentType } from 'preact';

/** A view of the console: an entry of the navigation with all that lies below it. */
export interface View {
  /** First part of its addresses, such as `connections`. */
  readonly path: string;
  /** Name in the navigation, and the beginning of the title. */
  readonly title: string;
  /** Loads what shows it, when it is first opened. */
  readonly load: () => Promise<{ readonly Show: ComponentType<ViewProps> }>;
  /** The path of the API that it asks first, to be asked before anything is drawn. */
  readonly asks?: (query: URLSearchParams) => string;
}

export interface ViewProps {
  /** The parts of the address after that of the view, such as `['shop']`. */
  readonly parts: readonly string[];
  readonly query: URLSearchParams;
}
