import type { View } from '../view.ts';

/** The views, in the order of the navigation. The first is shown where the address names none. */
export const VIEWS: readonly View[] = [
  { path: 'connections', title: 'Connections', load: () => import('./connections.tsx') },
  { path: 'try', title: 'Try it', load: () => import('./try.tsx') },
];
