import { type Files } from '@connectorkit/sdk';
/** The nearest folder from `cwd` upwards that holds a project, absolute. */
export declare function findProject(cwd: string): string | undefined;
/**
 * The files below `root`, and no others: neither a path nor a symbolic link leads out of it.
 * Invalid UTF-8 is read as U+FFFD and a byte order mark is kept, so that the reader can report them.
 * @throws ConnectorError usage when a file is too large, leads out of the root or cannot be read or written.
 */
export declare function filesIn(root: string): Files;
//# sourceMappingURL=disk.d.ts.map
