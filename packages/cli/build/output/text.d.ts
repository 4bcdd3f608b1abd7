/** A text as it is shown: what it reads, and how many columns it takes. */
export interface Shown {
  readonly text: string;
  readonly width: number;
}
/** One character as it is shown: tabs as two spaces, what a terminal would obey as an escape. */
export declare function shown(character: string): Shown;
/** A text of which nothing can move the cursor or change colours; line breaks stay. */
export declare function printable(text: string): string;
/** A text on lines of at most `width` columns, broken at spaces. */
export declare function wrapped(text: string, width: number): string[];
//# sourceMappingURL=text.d.ts.map
