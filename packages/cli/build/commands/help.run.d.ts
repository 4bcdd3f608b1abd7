import { type Run } from '../command.ts';
import type { help as command } from './help.ts';
export declare const run: Run<typeof command>;
//# sourceMappingURL=help.run.d.ts.map
