import type { Exchange } from '../../exchange.ts';
import { approval } from './approval.ts';
import { apps } from './apps.ts';
import { connections } from './connections.ts';
import { surroundings } from './surroundings.ts';

export const exchanges: readonly Exchange[] = [...apps, ...approval, ...connections, ...surroundings];
