export declare const push: import('../command.ts').Command<
  {},
  {
    readonly origin: {
      readonly type: 'string';
      readonly value: 'name';
      readonly describe: 'Origin in connector.json to talk to; `harness` is the one on this machine';
    };
    readonly 'dry-run': {
      readonly type: 'boolean';
      readonly describe: 'Show what would be done, and do nothing';
    };
    readonly ours: {
      readonly type: 'boolean';
      readonly describe: 'Write over what others changed on the platform';
    };
    readonly yes: {
      readonly type: 'boolean';
      readonly describe: 'Do not ask before anything is changed on a platform';
    };
  }
>;
//# sourceMappingURL=push.d.ts.map
