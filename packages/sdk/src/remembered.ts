/** Texts that are remembered; when there are as many, all are forgotten. */
const MOST = 2000;

/** Characters of a text that is remembered: longer ones hardly come again. */
const LONGEST = 200;

/**
 * Remembers what a function gives for a text: the names and expressions of a connection come again in many requests,
 * and at every key press of who edits it. The function gives the same for the same text, and nobody changes it.
 */
export function remembered<Value>(make: (text: string) => Value): (text: string) => Value {
  const known = new Map<string, Value>();
  return (text) => {
    if (text.length > LONGEST) return make(text);
    const before = known.get(text);
    if (before !== undefined) return before;
    const value = make(text);
    if (known.size >= MOST) known.clear();
    known.set(text, value);
    return value;
  };
}
