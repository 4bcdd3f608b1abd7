export declare const dev: import('../command.ts').Command<
  {},
  {
    readonly port: {
      readonly type: 'number';
      readonly value: 'number';
      readonly describe: 'Port to listen on; 0 takes a free one';
      readonly default: 4600;
    };
    readonly store: {
      readonly type: 'string';
      readonly value: 'path';
      readonly describe: 'SQLite file that keeps the state, or `memory`; .connector/harness.db unless given';
    };
    readonly synchronous: {
      readonly type: 'string';
      readonly describe: 'Whether an answered write survives the end of the process (NORMAL) or a power cut as well (FULL)';
      readonly choices: readonly ['NORMAL', 'FULL'];
      readonly default: 'NORMAL';
    };
  }
>;
//# sourceMappingURL=dev.d.ts.map
