import type { Run } from '../command.ts';
import type { create as command } from './create.ts';
export declare const run: Run<typeof command>;
//# sourceMappingURL=create.run.d.ts.map
