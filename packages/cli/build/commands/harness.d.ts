export declare const harness: import('../command.ts').Command<
  {},
  {
    readonly port: {
      readonly type: 'number';
      readonly value: 'number';
      readonly describe: 'Port to listen on; 0 takes a free one';
      readonly default: 4600;
    };
    readonly host: {
      readonly type: 'string';
      readonly value: 'address';
      readonly describe: 'Address to listen on';
      readonly default: '127.0.0.1';
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
    readonly 'allow-remote': {
      readonly type: 'boolean';
      readonly describe: 'Let other machines in; needs a token of your own in CONNECTOR_TOKEN';
    };
  }
>;
//# sourceMappingURL=harness.d.ts.map
