import type { PlatformFacts } from '../../emulator.ts';
import { SCOPES } from './credentials.ts';

/** Facts about Make that are known before its emulator is loaded. */
export const FACTS: PlatformFacts = {
  name: 'make',
  title: 'Make',
  basePath: '/api/v2',
  prefixes: ['/api/v2', '/sdk'],
  scopes: SCOPES,
};
