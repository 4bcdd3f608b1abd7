import type { Run } from '../command.ts';
import type { explain as command } from './explain.ts';
export declare const run: Run<typeof command>;
//# sourceMappingURL=explain.run.d.ts.map
