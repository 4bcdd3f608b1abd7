import type { Run } from '../command.ts';
import type { recreate as command } from './recreate.ts';
export declare const run: Run<typeof command>;
//# sourceMappingURL=recreate.run.d.ts.map
