import type { Command } from './command.ts';
/** The help of a command, or of the program, on lines of so many columns. */
export declare function helpOf(command: Command | undefined, program: string, columns: number): Promise<string>;
//# sourceMappingURL=help.d.ts.map
