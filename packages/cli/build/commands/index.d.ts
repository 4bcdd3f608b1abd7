import type { Command } from '../command.ts';
/** Every command, in the order of the help. */
export declare const COMMANDS: readonly Command[];
//# sourceMappingURL=index.d.ts.map
