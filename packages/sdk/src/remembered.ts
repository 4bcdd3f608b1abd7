/** Texts that are remembered; when there are as many, all are forgotten. */
const MOST = 2000;

/** Characters of a text that is remembered: longer ones hardly come again. */
const LONGEST = 200;

/**
 * Remembers what a function gives for a text that came before: the names and expressions of a connection come again in
 * many requests, and at every key press of who edits it. What is typed is another text at each key, and of one that came
 * a single time only the text is kept. The function gives the same for the same text, and nobody changes it.
 */
export function remembered<Value>(make: (text: string) => Value): (text: string) => Value {
  const known = new Map<string, Value>();
  const once = new Set<string>();
  return (text) => {
    if (text.length > LONGEST) return make(text);
    const before = known.get(text);
    if (before !== undefined) return before;
    const value = make(text);
    const cameBefore = once.delete(text);
    const kept = cameBefore ? known : once;
    if (kept.size >= MOST) kept.clear();
    if (cameBefore) known.set(text, value);
    else once.add(text);
    return value;
  };
}
