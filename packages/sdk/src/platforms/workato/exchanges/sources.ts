/** Where the values of several files stand. */

export const DOCUMENT =
  'the OpenAPI document of Workato’s platform CLI, https://github.com/workato-devs/workato-platform-cli/blob/1cede7ae/workato-api-spec.yaml (2026-03-26)';

/** Workato's command line `wk`: the tests of its client, at the commit that was read. */
export const OWN_CLIENT = 'Workato’s command line wk, https://github.com/workato-devs/wk/blob/4636160';

export const UNREAD =
  'the test answers with 200 and no body, because the client reads none; this is what the pages say';
