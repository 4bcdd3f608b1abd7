export declare const validate: import('../command.ts').Command<
  {
    readonly connection: {
      readonly describe: 'Only these connections, by their ids';
      readonly example: 'main';
      readonly many: true;
    };
  },
  {}
>;
//# sourceMappingURL=validate.d.ts.map
