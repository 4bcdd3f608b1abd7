import { type ComponentType, render } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { askEarly, REFUSED } from './harness.ts';
import { ErrorState, LoadingState } from './parts/states.tsx';
import { addressOf, currentRoute, useRoute } from './routes.ts';
import { beginSession } from './session.ts';
import { applyTheme, ThemeChoice } from './theme.tsx';
import type { View, ViewProps } from './view.ts';
import { VIEWS } from './views/index.ts';

/** The whole page: navigation, and the view that the address names. */
function Console() {
  const { parts, query } = useRoute();
  const [name, ...below] = parts;
  const view = name === undefined ? VIEWS[0] : VIEWS.find(({ path }) => path === name);
  const isRefused = useRefused();
  useTitle(view, below);
  return (
    <>
      <a class="skip" href="#main">
        Skip to the content
      </a>
      <header class="top">
        <p class="brand">Connectorkit harness</p>
        <nav aria-label="Views">
          <ul>
            {VIEWS.map(({ path, title }) => (
              <li key={path}>
                <a href={addressOf([path])} aria-current={path === view?.path ? 'page' : undefined}>
                  {title}
                </a>
              </li>
            ))}
          </ul>
        </nav>
        <ThemeChoice />
      </header>
      <main id="main" tabIndex={-1}>
        {isRefused ? (
          <NoSession />
        ) : view === undefined ? (
          <NotFound />
        ) : (
          <Shown key={view.path} view={view} parts={below} query={query} />
        )}
      </main>
    </>
  );
}

/** Asks what the view that the address names asks first: drawing the page takes as long as the answer. */
function askFirst(): void {
  const { parts, query } = currentRoute();
  const [name = VIEWS[0]?.path, ...below] = parts;
  const path = below.length === 0 ? VIEWS.find((each) => each.path === name)?.asks?.(query) : undefined;
  if (path !== undefined) askEarly(path);
}

/** True from when the harness refuses a request because this browser has no session, or its session has ended. */
function useRefused(): boolean {
  const [isRefused, setRefused] = useState(false);
  useLayoutEffect(() => {
    const refused = () => setRefused(true);
    addEventListener(REFUSED, refused);
    return () => removeEventListener(REFUSED, refused);
  }, []);
  return isRefused;
}

/** A view, which is loaded when it is first shown. */
function Shown({ view, ...props }: { readonly view: View } & ViewProps) {
  const [loaded, setLoaded] = useState<{ readonly Show?: ComponentType<ViewProps>; readonly error?: Error }>({});
  useLayoutEffect(() => {
    view.load().then(
      ({ Show }) => setLoaded({ Show }),
      (error) => setLoaded({ error }),
    );
  }, [view]);
  const { Show, error } = loaded;
  if (error !== undefined) return <ErrorState error={error} />;
  return Show === undefined ? <LoadingState /> : <Show {...props} />;
}

/** Titles the page, and leads whoever does not see it to the new place. */
function useTitle(view: View | undefined, below: readonly string[]): void {
  const isFirst = useRef(true);
  const title = [...below.toReversed(), view?.title ?? 'Not found', 'Connectorkit'].join(' · ');
  useEffect(() => {
    document.title = title;
    if (!isFirst.current) document.getElementById('main')?.focus({ preventScroll: true });
    isFirst.current = false;
  }, [title]);
}

function NotFound() {
  return (
    <>
      <h1>Not found</h1>
      <p>There is no view at this address.</p>
    </>
  );
}

function NoSession() {
  return (
    <>
      <h1>Open the console again</h1>
      <p>
        This browser has no session with the harness, or it has ended. A link can be used once, within two minutes. Get
        a new one in the folder of the project:
      </p>
      <pre>connector harness open</pre>
      <p>
        Where <code>connector dev</code> runs, press <kbd>o</kbd>.
      </p>
    </>
  );
}

applyTheme();
await beginSession();
askFirst();
render(<Console />, document.getElementById('console') as HTMLElement);
