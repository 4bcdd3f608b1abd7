export declare const help: import('../command.ts').Command<
  {
    readonly topic: {
      readonly describe: 'A command, exit-codes or environment';
      readonly example: 'exit-codes';
    };
  },
  {}
>;
//# sourceMappingURL=help.d.ts.map
