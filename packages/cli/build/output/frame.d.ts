/** Lines and columns count from 1, columns in UTF-16 code units; the end is exclusive. */
export interface FramePlace {
  readonly line: number;
  readonly column: number;
  readonly endLine?: number | undefined;
  readonly endColumn?: number | undefined;
}
export interface FrameLine {
  /** Absent on the line of carets. */
  readonly number?: number;
  readonly text: string;
  /** Whether the line is the one that is meant, or the carets below it. */
  readonly meant: boolean;
}
/** The line that a place is on with carets below it, and `around` lines before and after it. */
export declare function frame(source: string, place: FramePlace, around: number): FrameLine[];
//# sourceMappingURL=frame.d.ts.map
