/**
 * Returns Node's cryptography, which is loaded by the first call: that takes as long as validating a connection, and
 * many runs need none of it.
 */
export function nodeCrypto(): typeof import('node:crypto') {
  return process.getBuiltinModule('node:crypto');
}
