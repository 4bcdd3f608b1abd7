import type { Run } from '../command.ts';
import type { dev as command } from './dev.ts';
export declare const run: Run<typeof command>;
//# sourceMappingURL=dev.run.d.ts.map
