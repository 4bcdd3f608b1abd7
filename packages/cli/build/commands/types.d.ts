export declare const types: import('../command.ts').Command<
  {},
  {
    readonly check: {
      readonly type: 'boolean';
      readonly describe: 'Write nothing, and fail when the file is not up to date';
    };
  }
>;
//# sourceMappingURL=types.d.ts.map
