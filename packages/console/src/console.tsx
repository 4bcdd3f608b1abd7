import { type ComponentType, render } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { askEarly } from './harness.ts';
import { ErrorState, LoadingState } from './parts/states.tsx';
import { useAnswer } from './resource.ts';
import { addressOf, currentRoute, useRoute } from './routes.ts';
import { beginSession } from './session.ts';
import { applyTheme, ThemeChoice } from './theme.tsx';
import type { View, ViewProps } from './view.ts';
import { VIEWS } from './views/index.ts';

/** Path of the API that answers whoever has a session. */
const SESSION = '/console-session';

/** The whole page: navigation, and the view that the address names. */
function Console() {
  const { parts, query } = useRoute();
  const [name, ...below] = parts;
  const view = name === undefined ? VIEWS[0] : VIEWS.find(({ path }) => path === name);
  const session = useAnswer<{ readonly harness: string }>(SESSION);
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
        {session.error !== undefined ? (
          <NoSession error={session.error} retry={session.reload} />
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
  askEarly(SESSION);
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

function NoSession({ error, retry }: { readonly error: Error; readonly retry: () => void }) {
  const isRefused = 'status' in error && error.status === 401;
  if (!isRefused) return <ErrorState error={error} retry={retry} />;
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
