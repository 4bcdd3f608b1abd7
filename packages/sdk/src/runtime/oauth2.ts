import { authorize } from './authorize.ts';
import type { Authorization } from './basic.ts';
import type { Run } from './run.ts';

/**
 * OAuth 2.0, in the order preauthorize, authorize, token, info; refresh when its condition is true, invalidate when the
 * connection is deleted. Without `authorize` nobody is asked for anything: then token has to say by a condition when it
 * runs, and runs again when that is true before the connection is used. Source: Make's documentation, "OAuth 2.0".
 */
export const oauth2: Authorization = {
  async connect(run, visit) {
    await run.step('preauthorize');
    await authorize(run, visit);
    await run.step('token', run.has('authorize') ? { needsGrant: true } : WITHOUT_AUTHORIZE);
    await run.step('info');
  },
  async verify(run) {
    await renew(run);
    await run.step('info');
  },
  refresh: renew,
  invalidate: (run) => run.step('invalidate'),
};

const WITHOUT_AUTHORIZE = {
  unconditional: 'Without authorize, token runs only when it has a condition that is true; it has none.',
};

async function renew(run: Run): Promise<void> {
  if (!run.has('authorize')) await run.step('token', WITHOUT_AUTHORIZE);
  run.settle();
  await run.step('refresh');
  run.settle();
}
