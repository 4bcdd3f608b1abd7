import type { Run } from '../command.ts';
import type { types as command } from './types.ts';
export declare const run: Run<typeof command>;
//# sourceMappingURL=types.run.d.ts.map
