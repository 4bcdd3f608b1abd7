import { type Stream } from './output/index.ts';
/** What the program is given by its surroundings; the process's own unless said. */
export interface Surroundings {
  /** What was typed to start it: `connector`, or the name of a program that stands for one of its commands. */
  readonly program?: string;
  readonly cwd?: string;
  readonly environment?: Readonly<Record<string, string | undefined>>;
  readonly stdin?: {
    readonly isTTY?: boolean;
  };
  readonly stdout?: Stream;
  readonly stderr?: Stream;
}
/** Runs a command line, prints what there is to say, and gives the exit code. Never rejects. */
export declare function main(argv: readonly string[], surroundings?: Surroundings): Promise<number>;
//# sourceMappingURL=main.d.ts.map
