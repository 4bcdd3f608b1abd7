import type { Exchange } from '../../exchange.ts';
import { connections } from './connections.ts';

export const exchanges: readonly Exchange[] = connections;
