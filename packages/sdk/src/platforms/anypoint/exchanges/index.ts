import type { Exchange } from '../../exchange.ts';
import { accounts } from './accounts.ts';
import { applications } from './applications.ts';
import { managedContracts } from './contracts.ts';
import { instanceContracts } from './instance-contracts.ts';
import { requestAccess } from './request-access.ts';
import { managedTiers } from './tiers.ts';

export const exchanges: readonly Exchange[] = [
  ...requestAccess,
  ...accounts,
  ...applications,
  ...instanceContracts,
  ...managedTiers,
  ...managedContracts,
];
