/**
 * @module @connectorkit/sdk/node
 * Files on disk and requests over the network, as Node.js has them: what the other entries are given.
 *
 * @example
 * import { validate } from '@connectorkit/sdk';
 * import { openProjectIn } from '@connectorkit/sdk/node';
 *
 * for (const { severity, file, line, message } of validate(openProjectIn('./my-connector')))
 *   console.log(`${severity}: ${file}:${line} ${message}`);
 */

/** Projects on disk */

export { faultOf, filesIn, findProject, openProjectIn, utf8Text } from './disk.ts';
export { gitEnvironment } from './git.ts';
export { makeFolder } from './make-folder.ts';
export { isHeldOnWindows, renamePatiently } from './rename.ts';
export { userFolder } from './user-folder.ts';

/** Sending requests */

export { createSend, type SendOptions, timeoutOf } from './send.ts';
export { createTransport } from './transport.ts';
