import { type Diagnostic } from '@connectorkit/sdk';
import type { Run } from '../command.ts';
import type { validate as command } from './validate.ts';
export declare const run: Run<typeof command>;
/** How many there are of each severity. */
export declare function counts(diagnostics: readonly Diagnostic[]): {
    errors: number;
    warnings: number;
    infos: number;
};
export declare function plural(count: number, word: string): string;
//# sourceMappingURL=validate.run.d.ts.map