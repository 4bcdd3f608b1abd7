import type { Exchange, ExchangeAnswer } from '../../exchange.ts';

const PAGE = 'Make’s reference page "SDK Apps", its sample of the operation';

const json = (body: unknown): ExchangeAnswer => ({ status: 200, mediaType: 'application/json', body });
const yes: ExchangeAnswer = { status: 200, mediaType: 'text/plain', body: 'true' };

const mine = { SDK_appName: 'acme-crm', SDK_appVersion: '12' };
const other = { SDK_appName: 'other-app', SDK_appVersion: '3' };
const acme = { app: 'acme-crm', columns: { version: 12 }, approved: true };
const third = { app: 'other-app', columns: { version: 3 }, approved: true };

/** Approved apps: their pending changes are committed or taken back. */
export const approval: readonly Exchange[] = [
  {
    operation: 'commitChanges',
    source: PAGE,
    given: acme,
    http: 'POST /sdk/apps/acme-crm/12/commit',
    request: { path: mine, body: { message: 'text', notify: true, changeIds: [] } },
    answer: yes,
    changed: {
      given: third,
      http: 'POST /sdk/apps/other-app/3/commit',
      request: { path: other, body: { message: 'All of it', notify: false } },
      answer: yes,
    },
  },
  {
    operation: 'rollbackChanges',
    source: PAGE,
    given: acme,
    http: 'POST /sdk/apps/acme-crm/12/rollback',
    request: { path: mine },
    answer: json({ rolledBack: true }),
    changed: {
      given: third,
      http: 'POST /sdk/apps/other-app/3/rollback',
      request: { path: other, body: { changeIds: [] } },
      answer: json({ rolledBack: true }),
    },
  },
];
