import { pathOfPage } from '../connection/list.tsx';
import type { View } from '../view.ts';
import { Show } from './connections.tsx';

/**
 * The views, in the order of the navigation. The first is shown where the address names none, and comes with the page.
 */
export const VIEWS: readonly View[] = [
  { path: 'connections', title: 'Connections', load: async () => ({ Show }), asks: pathOfPage },
  { path: 'try', title: 'Try it', load: () => import('./try.tsx') },
  { path: 'journal', title: 'Journal', load: () => import('./journal.tsx') },
  { path: 'access', title: 'Access', load: () => import('./access.tsx') },
  { path: 'instances', title: 'Instances', load: () => import('./instances.tsx') },
  { path: 'faults', title: 'Faults and time', load: () => import('./faults.tsx') },
];
