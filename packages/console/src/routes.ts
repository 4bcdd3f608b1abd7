import { useEffect, useState } from 'preact/hooks';

/** Path of the console. */
const BASE = '/__harness/console/';

/** The parts of the address below the console's own, decoded, and its query. */
export interface Route {
  /** Such as `['connections', 'shop']`. */
  readonly parts: readonly string[];
  readonly query: URLSearchParams;
}

/** The address of a place in the console, for links: `addressOf(['connections', 'shop'], { section: 'api' })`. */
export function addressOf(parts: readonly string[], query: Readonly<Record<string, string | undefined>> = {}): string {
  const given = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const search = given.length === 0 ? '' : `?${new URLSearchParams(given)}`;
  return `${BASE}${parts.map(encodeURIComponent).join('/')}${search}`;
}

/** The place that the address names now. */
export function currentRoute(): Route {
  const { pathname, search } = location;
  const parts = pathname.slice(BASE.length).split('/').filter(Boolean);
  return { parts: parts.map(decoded), query: new URLSearchParams(search) };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

const WENT = 'connector-console-went';

/** Goes to an address of the console. @param replaces true if the browser's Back skips the present place */
export function go(address: string, { replaces = false } = {}): void {
  history[replaces ? 'replaceState' : 'pushState'](null, '', address);
  dispatchEvent(new Event(WENT));
}

/** The present place; follows links of the console, and Back and Forward. */
export function useRoute(): Route {
  const [route, setRoute] = useState(currentRoute);
  useEffect(() => {
    const went = () => setRoute(currentRoute());
    addEventListener('popstate', went);
    addEventListener(WENT, went);
    document.addEventListener('click', followLink);
    return () => {
      removeEventListener('popstate', went);
      removeEventListener(WENT, went);
      document.removeEventListener('click', followLink);
    };
  }, []);
  return route;
}

/** Links are plain ones; those within the console are followed without loading the page again. */
function followLink(event: MouseEvent): void {
  if (
    event.defaultPrevented ||
    event.button !== 0 ||
    event.metaKey ||
    event.ctrlKey ||
    event.shiftKey ||
    event.altKey
  ) {
    return;
  }
  const link = (event.target as Element | null)?.closest?.('a[href]') as HTMLAnchorElement | null;
  if (link === null || link.target !== '' || link.origin !== location.origin) return;
  if (!link.pathname.startsWith(BASE) || link.hash !== '') return;
  event.preventDefault();
  go(link.href);
}
