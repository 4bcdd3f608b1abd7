import type { PlatformFacts } from '../../emulator.ts';
import { ROLES } from './records.ts';

/** Facts about Akana API Platform that are known before its emulator is loaded. */
export const FACTS: PlatformFacts = {
  name: 'akana',
  title: 'Akana API Platform',
  basePath: '',
  prefixes: ['/api'],
  scopes: ROLES,
  keeps: ['access'],
};
