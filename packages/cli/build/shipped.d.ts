/** What comes with the command: its version, and the folders that new projects are copied from. */
export type Shelf = 'templates' | 'examples';
/** The package's own version. The bundle and the sources lie equally deep below package.json. */
export declare function version(): string;
/** The names of the folders on a shelf, sorted. */
export declare function shipped(shelf: Shelf): readonly string[];
/** Copies a folder from a shelf into a folder that is there and empty. */
export declare function unpack(shelf: Shelf, name: string, target: string): void;
//# sourceMappingURL=shipped.d.ts.map
