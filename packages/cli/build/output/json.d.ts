import type { Format } from './format.ts';
/** One envelope on stdout, and nothing else there. */
export declare const json: Format;
//# sourceMappingURL=json.d.ts.map
