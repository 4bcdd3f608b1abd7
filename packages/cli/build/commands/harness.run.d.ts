import type { Run } from '../command.ts';
import type { harness as command } from './harness.ts';
export declare const run: Run<typeof command>;
//# sourceMappingURL=harness.run.d.ts.map
