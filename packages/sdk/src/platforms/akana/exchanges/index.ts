import type { Exchange } from '../../exchange.ts';
import { connectedApps } from './connected-apps.ts';
import { contracts } from './contracts.ts';

export const exchanges: readonly Exchange[] = [...connectedApps, ...contracts];
