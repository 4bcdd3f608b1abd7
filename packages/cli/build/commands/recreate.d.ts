export declare const recreate: import('../command.ts').Command<
  {
    readonly connection: {
      readonly describe: 'Ids of connections; all unless given';
      readonly example: 'github';
      readonly many: true;
    };
  },
  {
    readonly origin: {
      readonly type: 'string';
      readonly value: 'name';
      readonly describe: 'Origin in connector.json to talk to; `harness` is the one on this machine';
    };
  }
>;
//# sourceMappingURL=recreate.d.ts.map
