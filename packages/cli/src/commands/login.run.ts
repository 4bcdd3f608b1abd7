import { ConnectorError, type Diagnostic, openProject } from '@connectorkit/sdk';
import type { Context, Run } from '../command.ts';
import { credentialsOf } from '../credentials.ts';
import { isNamed, notForHost, refusePlainHttp } from '../hosts.ts';
import { tokenGiven } from '../input.ts';
import { placeOf } from '../origins.ts';
import type { login as command } from './login.ts';

export const run: Run<typeof command> = async (context, asked) => {
  const { place, platform } = placeOf(context, asked);
  const { name, url } = place;
  if (place.local) {
    throw new ConnectorError('usage', {
      code: 'usage/arguments',
      message: 'The harness on this machine needs no login: its token is in .connector/.',
      hint: 'Choose where to log in with --origin, or with --platform and --zone or --url.',
    });
  }
  refusePlainHttp(place);
  // A person sees the address that they give the token for; what is piped in is for an address that was named before.
  if (!context.terminal.interactive && place.typed !== true && !isNamed(place, context.environment)) {
    throw notForHost(place, 'only the project’s files say that the token is for it');
  }
  const token = await tokenGiven(context, {
    title: 'Token',
    where: `${platform.title} at ${url}`,
    hint: `Write it to stdin, for example: ${context.program} login … < token.txt`,
  });
  const account = await platform.whoami({ url, token, send: context.send });
  const credentials = credentialsOf(context.environment);
  credentials.keep({ platform: platform.name, url }, token);
  const who = account.email === undefined ? account.name : `${account.name} (${account.email})`;
  return {
    data: { origin: name, platform: platform.name, url, account, file: credentials.file },
    diagnostics: leftToGit(context),
    summary: `Logged in to ${platform.title} at ${url} as ${who}. The token is kept in ${credentials.file}.`,
  };
};

/** The project's own secrets that git would take; none where there is no project that can be read. */
function leftToGit(context: Context): readonly Diagnostic[] {
  const code = 'common/not-ignored';
  try {
    const { problems, rules } = openProject(context.files(context.root()));
    return rules.get(code) === 'off' ? [] : problems.filter((problem) => problem.code === code);
  } catch (error) {
    if (error instanceof ConnectorError) return [];
    throw error;
  }
}
