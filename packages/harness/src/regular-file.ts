import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';

/**
 * The bytes of a regular file; undefined when there is no such file. Nothing is waited for: a pipe that nobody writes to
 * and a device without an end are refused as soon as they are seen.
 * @param largest bytes that it may have
 * @throws Error `ERR_NOT_REGULAR` for a pipe, a socket, a device or a folder, `ERR_TOO_LARGE`, or what Node says, such as
 * `EACCES`
 */
export function readRegularFile(file: string, largest: number): Buffer | undefined {
  let descriptor: number;
  try {
    descriptor = openSync(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    // What opening a socket says.
    throw code === 'ENXIO' ? notRegular() : error;
  }
  try {
    const facts = fstatSync(descriptor);
    if (!facts.isFile()) throw notRegular();
    if (facts.size > largest) throw coded('ERR_TOO_LARGE', `it has more than ${largest / 1024} KB`);
    return readFileSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function notRegular(): Error {
  return coded('ERR_NOT_REGULAR', 'it is not a regular file');
}

function coded(code: string, message: string): Error {
  return Object.assign(new Error(message), { code });
}
