import { type Emulation, type EmulationOptions, emulate, type Outgoing, pathOf } from './emulate.ts';
import type { EmulatedPlatform, Refusal } from './emulator.ts';
import type { Platforms } from './platforms.ts';
import { ownerIn } from './routes.ts';

/** The emulation of the platforms that were asked for so far. */
export interface Emulations {
  /** Returns the emulation that answers at a URL, once its platform is loaded; all are loaded where it may be any's. */
  at(url: string): Emulation | Promise<Emulation>;
  /** Refuses a request in the words of its platform; the store is not asked. */
  refused(method: string, url: string, refusal: Refusal): Promise<Outgoing>;
}

/** Mounts the contracts of a harness's platforms at the root of one address, each when it is first asked for. */
export function emulationsOf(platforms: Platforms, options: EmulationOptions): Emulations {
  const owner = ownerIn(platforms.all);
  const refusing = new Map<string | undefined, Emulation>();
  let emulation = emulate([], options);
  let mounted = 0;
  const current = () => {
    const { ready } = platforms;
    if (mounted < ready.length) emulation = emulate([...ready], options);
    mounted = ready.length;
    return emulation;
  };
  const wanted = (url: string): readonly EmulatedPlatform[] => {
    const platform = owner(pathOf(url));
    if (platform === undefined) return platforms.all;
    return platforms.all.filter(({ name }) => name === platform.name || platform.knows?.includes(name));
  };
  return {
    at: (url) => {
      if (mounted === platforms.all.length) return emulation;
      const names = wanted(url).map(({ name }) => name);
      const missing = names.filter((name) => !platforms.ready.some((each) => each.platform.name === name));
      if (missing.length === 0) return current();
      return Promise.all(missing.map((name) => platforms.named(name))).then(current);
    },
    refused: async (method, url, refusal) => {
      const platform = owner(pathOf(url));
      const known = refusing.get(platform?.name) ?? emulate(platform ? [await platform.load()] : [], options);
      refusing.set(platform?.name, known);
      return known.refused(method, url, refusal);
    },
  };
}
