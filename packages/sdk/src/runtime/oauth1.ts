import { authorize } from './authorize.ts';
import type { Authorization } from './basic.ts';

/**
 * OAuth 1.0a, in the order preauthorize, requestToken, authorize, accessToken, info; every request but the visit of the
 * browser is signed. Its tokens are not refreshed. Sources: RFC 5849, section 2; Make's documentation of OAuth 1.
 */
export const oauth1: Authorization = {
  async connect(run, visit) {
    await run.step('preauthorize');
    await run.step('requestToken', { protocol: { oauth_callback: run.world.redirectUri } });
    await authorize(run, visit);
    await run.step('accessToken', { needsGrant: true });
    await run.step('info');
  },
  verify: (run) => run.step('info'),
  refresh: async () => {},
  invalidate: (run) => run.step('invalidate'),
};
