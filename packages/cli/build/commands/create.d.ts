import { type Check } from '../command.ts';
export declare const create: import('../command.ts').Command<
  {
    readonly name: {
      readonly describe: 'Name of the connector';
      readonly example: 'my-connector';
      readonly required: true;
      readonly check: typeof checkName;
    };
  },
  {
    readonly template: {
      readonly type: 'string';
      readonly value: 'name';
      readonly describe: 'Template to begin with';
      readonly choices: readonly string[];
      readonly check: Check;
      readonly required: {
        readonly unless: 'example';
      };
      readonly example: 'api-key';
    };
    readonly example: {
      readonly type: 'string';
      readonly value: 'name';
      readonly describe: 'Finished example to begin with, in place of a template';
      readonly choices: readonly string[];
      readonly check: Check;
    };
    readonly folder: {
      readonly type: 'string';
      readonly value: 'path';
      readonly describe: 'Folder to make, ./<name> unless given';
    };
  }
>;
declare function checkName(name: string): ReturnType<Check>;
//# sourceMappingURL=create.d.ts.map
