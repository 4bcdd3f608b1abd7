import type { PlatformFacts } from '../../emulator.ts';
import { SCOPES } from './credentials.ts';

/** Facts about Anypoint Exchange that are known before its emulator is loaded. */
export const FACTS: PlatformFacts = {
  name: 'anypoint',
  title: 'Anypoint Exchange',
  basePath: '',
  prefixes: ['/accounts', '/exchange', '/apimanager', '/apiplatform'],
  scopes: SCOPES,
  keeps: ['access'],
};
