import type { PlatformFacts } from '../../emulator.ts';
import { ROLES } from './records.ts';

/** What a harness says of Akana API Platform before its emulator is loaded. */
export const FACTS: PlatformFacts = {
  name: 'akana',
  title: 'Akana API Platform',
  basePath: '',
  prefixes: ['/api'],
  scopes: ROLES,
};
