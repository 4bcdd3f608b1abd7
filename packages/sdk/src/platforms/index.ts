import { akana } from './akana/index.ts';
import { anypoint } from './anypoint/index.ts';
import { make } from './make/index.ts';
import type { Platform } from './platform.ts';
import { workato } from './workato/index.ts';

/** Every platform the sdk speaks to, by name. */
export const PLATFORMS = { make, akana, workato, anypoint } as const satisfies Readonly<Record<string, Platform>>;

export type PlatformName = keyof typeof PLATFORMS;
