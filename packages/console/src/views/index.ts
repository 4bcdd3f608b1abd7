import type { View } from '../view.ts';

/** The views, in the order of the navigation. The first is shown where the address names none. */
export const VIEWS: readonly View[] = [
  { path: 'connections', title: 'Connections', load: () => import('./connections.tsx') },
  { path: 'try', title: 'Try it', load: () => import('./try.tsx') },
  { path: 'journal', title: 'Journal', load: () => import('./journal.tsx') },
  { path: 'access', title: 'Access', load: () => import('./access.tsx') },
  { path: 'instances', title: 'Instances', load: () => import('./instances.tsx') },
  { path: 'faults', title: 'Faults and time', load: () => import('./faults.tsx') },
];
