import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { ask } from './harness.ts';

/** State of something that is loaded: at first nothing, then its value or the reason why not. A reload keeps the value until it is done. */
export interface Resource<Value> {
  readonly value?: Value;
  readonly error?: Error;
  readonly loading: boolean;
  reload(): void;
}

/** Loads a path of the harness's API, again when the path changes; nothing for undefined. */
export function useAnswer<Answer>(path: string | undefined): Resource<Answer> {
  return useLoaded(path === undefined ? undefined : (signal) => ask<Answer>('GET', path, undefined, signal), [path]);
}

/** Loads something, again when one of the keys changes. */
export function useLoaded<Value>(
  load: ((signal: AbortSignal) => Promise<Value>) | undefined,
  keys: readonly unknown[],
): Resource<Value> {
  const [state, setState] = useState<Omit<Resource<Value>, 'reload'>>({ loading: load !== undefined });
  const [turn, setTurn] = useState(0);
  const before = useRef(keys);
  // With the commit: an effect waits until the page without the answer is painted.
  useLayoutEffect(() => {
    const isSame = before.current.length === keys.length && keys.every((key, index) => key === before.current[index]);
    before.current = keys;
    setState((last) => (isSame ? { ...last, loading: true } : { loading: load !== undefined }));
    if (load === undefined) return;
    const ending = new AbortController();
    load(ending.signal).then(
      (value) => ending.signal.aborted || setState({ value, loading: false }),
      (error) => ending.signal.aborted || setState((last) => ({ ...last, error, loading: false })),
    );
    return () => ending.abort();
  }, [...keys, turn]);
  const reload = useCallback(() => setTurn((last) => last + 1), []);
  return { ...state, reload };
}

/** An action that a button starts: `run` does it, and `error` is what it ended with. */
export function useAction<Given extends unknown[], Value>(act: (...given: Given) => Promise<Value>) {
  const [state, setState] = useState<{ readonly busy: boolean; readonly error?: Error }>({ busy: false });
  const run = async (...given: Given): Promise<Value | undefined> => {
    setState({ busy: true });
    try {
      const value = await act(...given);
      setState({ busy: false });
      return value;
    } catch (error) {
      setState({ busy: false, error: error as Error });
      return undefined;
    }
  };
  return { ...state, run };
}

/** Loads again from time to time, as long as the page is looked at. */
export function useRefresh(reload: () => void, milliseconds: number): void {
  const latest = useRef(reload);
  latest.current = reload;
  useEffect(() => {
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') latest.current();
    }, milliseconds);
    return () => clearInterval(timer);
  }, [milliseconds]);
}
