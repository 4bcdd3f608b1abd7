/** Counts of a harness's work, over all its spaces in this process. */
export interface Activity {
  /** Entries that were written to journals. */
  journalEntries: number;
  /** Event streams that are open. */
  eventStreams: number;
}
