const DEVICES = /^(con|prn|aux|nul|com\d|lpt\d)$/i;

/** Checks if Windows keeps a name for a device: no file and no folder can have it there, with whatever extension. */
export function isDeviceName(name: string): boolean {
  return DEVICES.test(name);
}
