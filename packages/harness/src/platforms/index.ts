import type { EmulatedPlatform } from '../emulator.ts';
import { FACTS as akana } from './akana/facts.ts';
import { FACTS as anypoint } from './anypoint/facts.ts';
import { FACTS as make } from './make/facts.ts';
import { FACTS as workato } from './workato/facts.ts';

/** Every platform that is emulated, by name. */
export const EMULATORS: Readonly<Record<string, EmulatedPlatform>> = {
  make: { ...make, load: async () => (await import('./make/index.ts')).make },
  akana: { ...akana, load: async () => (await import('./akana/index.ts')).akana },
  workato: { ...workato, load: async () => (await import('./workato/index.ts')).workato },
  anypoint: { ...anypoint, load: async () => (await import('./anypoint/index.ts')).anypoint },
};
