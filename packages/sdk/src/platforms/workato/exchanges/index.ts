import type { Exchange } from '../../exchange.ts';
import { connections } from './connections.ts';
import { surroundings } from './surroundings.ts';
import { tags } from './tags.ts';
import { workspace } from './workspace.ts';

export const exchanges: readonly Exchange[] = [...connections, ...surroundings, ...workspace, ...tags];
