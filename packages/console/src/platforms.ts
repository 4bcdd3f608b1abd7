import { type Resource, useAnswer } from './resource.ts';

/** A platform that the harness emulates, as it tells of itself. */
export interface EmulatedPlatform {
  readonly name: string;
  readonly title: string;
  /** Data that the platform keeps for others to look after. */
  readonly keeps: readonly ('access' | 'customers')[];
}

/** The platforms of the harness; where `kept` is said, those on which that is kept. */
export function usePlatforms(kept?: EmulatedPlatform['keeps'][number]): Resource<readonly EmulatedPlatform[]> {
  const { value, ...rest } = useAnswer<{ readonly platforms: readonly EmulatedPlatform[] }>('');
  if (value === undefined) return rest;
  return { ...rest, value: value.platforms.filter(({ keeps }) => kept === undefined || keeps.includes(kept)) };
}
