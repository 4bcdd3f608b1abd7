import type { Emulator } from '../emulator.ts';
import { akana } from './akana/index.ts';
import { anypoint } from './anypoint/index.ts';
import { make } from './make/index.ts';
import { workato } from './workato/index.ts';

/** Every platform that is emulated, by name. */
export const EMULATORS: Readonly<Record<string, Emulator>> = { make, akana, workato, anypoint };
