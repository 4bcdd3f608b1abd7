/**
 * Works it out once for as long as the same thing is asked about. Rules look at one connection after the other, so that
 * what was read of the one before can go: a table of all of them would outlive every collection of young garbage.
 * @param make is also given what it made last, which may be of another connection: it takes over only what it can tell to
 * be the same for this one
 */
export function lazy<K, V>(make: (key: K, before: V | undefined) => V): (key: K) => V {
  let last: { readonly key: K; readonly value: V } | undefined;
  return (key) => {
    if (last === undefined || last.key !== key) last = { key, value: make(key, last?.value) };
    return last.value;
  };
}
