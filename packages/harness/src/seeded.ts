import { type JSONSchema, lookUp } from '@connectorkit/sdk/emulator';
import { EMULATORS } from './platforms/index.ts';
import { PROVIDER } from './provider/endpoints.ts';
import type { Seeded } from './seed.ts';

/** Returns the seeded part by its name: the provider, or else the platform that `load` gives. */
export async function seededNamed<Platform extends Seeded | undefined>(
  name: string,
  load: (platform: string) => Promise<Platform>,
): Promise<Seeded | Platform> {
  return name === PROVIDER.name ? (await import('./provider/registered.ts')).SEEDED : load(name);
}

/**
 * The JSON Schema of what a platform or the provider can be seeded with, by its name; undefined when there is none of
 * that name.
 */
export async function seedSchemaOf(name: string): Promise<JSONSchema | undefined> {
  return (await seededNamed(name, async (platform) => lookUp(EMULATORS, platform)?.load()))?.seedSchema;
}
