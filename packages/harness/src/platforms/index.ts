import type { JSONSchema } from '@connectorkit/sdk';
import type { Emulator } from '../emulator.ts';
import { SEEDED } from '../provider/registered.ts';
import { akana } from './akana/index.ts';
import { anypoint } from './anypoint/index.ts';
import { make } from './make/index.ts';
import { workato } from './workato/index.ts';

/** Every platform that is emulated, by name. */
export const EMULATORS: Readonly<Record<string, Emulator>> = { make, akana, workato, anypoint };

/** The JSON Schema of what each platform and the provider can be seeded with, by its name. */
export const SEED_SCHEMAS: Readonly<Record<string, JSONSchema>> = Object.fromEntries(
  Object.entries({ ...EMULATORS, [SEEDED.platform.name]: SEEDED }).map(([name, { seedSchema }]) => [name, seedSchema]),
);
