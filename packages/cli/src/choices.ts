/** The options by which somebody says which side counts, and how much is looked at and changed. */
export const CHOICES = {
  ours: {
    type: 'string',
    value: 'what',
    bare: 'all',
    describe: 'Where sides differ, the project counts: all, or sections and connections, such as api,github/scopes',
  },
  theirs: {
    type: 'string',
    value: 'what',
    bare: 'all',
    describe: 'Where sides differ, the platform counts, and the project’s files are written; as for --ours',
  },
} as const;

export const ALLOW_DESTRUCTIVE = {
  type: 'boolean',
  describe: 'Delete on the platform what is no longer declared here',
} as const;

export const CHECK_COMMON = {
  type: 'boolean',
  describe: 'Read the values of common from the platform even if they did not change here',
} as const;

/** What was said of them. */
export interface ChoiceArguments {
  readonly ours?: string | undefined;
  readonly theirs?: string | undefined;
  readonly 'allow-destructive'?: boolean;
}
