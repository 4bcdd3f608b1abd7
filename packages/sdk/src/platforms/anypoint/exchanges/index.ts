import type { Exchange } from '../../exchange.ts';
import { requestAccess } from './request-access.ts';

export const exchanges: readonly Exchange[] = requestAccess;
