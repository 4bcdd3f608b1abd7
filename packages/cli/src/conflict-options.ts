/** The options that say which side counts where the two differ. */
export const CONFLICT_OPTIONS = {
  ours: {
    type: 'string',
    value: 'what',
    bare: 'all',
    describe: 'Resolve conflicts with the project’s version: all, or a list such as api,github/scopes',
  },
  theirs: {
    type: 'string',
    value: 'what',
    bare: 'all',
    describe: 'Resolve conflicts with the platform’s version, and write it into the project; values as for --ours',
  },
} as const;

export const ALLOW_DESTRUCTIVE = {
  type: 'boolean',
  describe: 'Allow deleting what the project no longer declares',
} as const;

export const CHECK_COMMON = {
  type: 'boolean',
  describe: 'Compare the values of common with the platform even if they have not changed here',
} as const;

/** The values of these options. */
export interface ConflictArguments {
  readonly ours?: string | undefined;
  readonly theirs?: string | undefined;
  readonly 'allow-destructive'?: boolean;
}
