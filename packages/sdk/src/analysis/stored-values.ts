import type { Declared } from './declared.ts';
import type { Text } from './expressions.ts';
import { lazy } from './lazy.ts';
import { ofEachRequest, type Request } from './requests.ts';

/** A value that a request keeps under a name. */
export interface Kept {
  readonly root: 'temp' | 'data';
  readonly name: string;
  /** The same, with the names inside of it at which the text stands. */
  readonly members: readonly string[];
  readonly text: Text;
  /** The length of the path of the request, and of the path that the name ends. */
  readonly from: number;
  readonly depth: number;
}

/** Values that requests keep under a name: `temp`, before and after they are sent, and `data`. */
export const storedValuesIn = lazy((connection: Declared): readonly Kept[] =>
  [...storedBy(connection).values()].flat(),
);

const storedBy = ofEachRequest(({ path, texts }: Request): readonly Kept[] => {
  const found: Kept[] = [];
  const from = path.length;
  for (const text of texts) {
    const first = text.path[from];
    if (first !== 'temp' && first !== 'response') continue;
    const second = text.path[from + 1];
    const third = text.path[from + 2];
    const isTemp = first === 'temp';
    const root = isTemp ? first : second;
    const name = isTemp ? second : third;
    if ((root !== 'temp' && root !== 'data') || typeof name !== 'string') continue;
    const depth = from + (isTemp ? 2 : 3);
    const inner = text.path.slice(depth).filter((step) => typeof step === 'string');
    found.push({ root, name, members: [name, ...inner], text, from, depth });
  }
  return found;
});
