export declare const explain: import('../command.ts').Command<
  {
    readonly code: {
      readonly describe: 'The code, as it stands beside the problem; all are listed without one';
      readonly example: 'source/syntax';
    };
  },
  {}
>;
//# sourceMappingURL=explain.d.ts.map
