import type { Format } from './format.ts';
/** For people: frames, colours, and the next command as the last line. */
export declare const pretty: Format;
//# sourceMappingURL=pretty.d.ts.map
