import { ConnectorError } from '@connectorkit/sdk';
import type { Context } from '../command.ts';
import { choiceOf, here } from '../origins.ts';
import { recordedHarness } from '../running-harness.ts';
import { findOrigin } from '../settings.ts';

/**
 * Makes the check of what an agent may reach: the harness of the project, and what was allowed when the server was
 * started. Names of origins are looked up then, so that nothing more is allowed when connector.json changes.
 * @param allowed names of origins of the project, and URLs
 * @throws ConnectorError usage `origin/unknown` for a name that is not an origin, `usage/arguments` for what is no URL
 */
export function permissionFor(context: Context, allowed: readonly string[]): Context['permit'] {
  const origins = new Set(allowed.map((each) => originOf(context, each)));
  return (url) => {
    const { origin } = new URL(url);
    if (origins.has(origin) || origin === harnessOrigin(context)) return;
    throw new ConnectorError('auth', {
      code: 'mcp/not-allowed',
      message: `The agent is not allowed to reach ${origin}.`,
      hint: `Ask the person who works on this project. They can allow it: \`connector mcp --allow-origin ${origin}\`.`,
      found: origin,
    });
  };
}

function originOf(context: Context, allowed: string): string {
  if (!allowed.includes('://')) return new URL(declared(context, allowed)).origin;
  const origin = URL.canParse(allowed) ? new URL(allowed).origin : 'null';
  if (/^https?:/.test(origin)) return origin;
  throw new ConnectorError('usage', {
    code: 'usage/arguments',
    message: `${JSON.stringify(allowed)} is not a URL of an API.`,
    hint: 'Write --allow-origin with the name of an origin, or with a URL such as https://api.example.com.',
  });
}

/** The URL of an origin of the project. */
function declared(context: Context, name: string): string {
  const { harness, ...choice } = choiceOf(context, here(context), name);
  return findOrigin(choice).url;
}

/** The web origin of the harness that runs for the project now, or for the folder where there is no project. */
function harnessOrigin(context: Context): string | undefined {
  const { folder = context.cwd } = here(context);
  const harness = recordedHarness(context.state(folder));
  return harness === undefined ? undefined : new URL(harness.url).origin;
}
