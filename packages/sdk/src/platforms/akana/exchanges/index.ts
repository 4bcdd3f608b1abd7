import type { Exchange } from '../../exchange.ts';
import { connectedApps } from './connected-apps.ts';
import { contracts } from './contracts.ts';
import { endings } from './endings.ts';

export const exchanges: readonly Exchange[] = [...connectedApps, ...contracts, ...endings];
