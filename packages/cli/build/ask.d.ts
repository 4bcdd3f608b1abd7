import type { Ask } from './command.ts';
export interface AskOptions {
  readonly interactive: boolean;
  readonly signal: AbortSignal;
  /** Called when the person leaves a question with Ctrl-C. */
  readonly interrupt: () => void;
}
/** Questions through @clack/prompts, which is loaded with the first of them. */
export declare function createAsk({ interactive, signal, interrupt }: AskOptions): Ask;
//# sourceMappingURL=ask.d.ts.map
