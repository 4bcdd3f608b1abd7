import type { Globals } from './arguments.ts';
import type { Command, Context } from './command.ts';
import type { Output, Stream } from './output/index.ts';
export interface ContextOptions {
  readonly program: string;
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly stdin?: {
    readonly isTTY?: boolean;
  };
  readonly stdout: Stream;
  readonly stderr: Stream;
  readonly globals: Globals;
  readonly output: Output;
  readonly interruption: AbortController;
  readonly help: (command: Command | undefined) => Promise<string>;
}
/** The world as a command sees it. */
export declare function createContext(options: ContextOptions): Context;
//# sourceMappingURL=context.d.ts.map
