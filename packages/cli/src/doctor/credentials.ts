import { chmodSync, readdirSync, statSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { ConnectorError } from '@connectorkit/sdk';
import { userFolder } from '@connectorkit/sdk/node';
import { operationsOf } from '@connectorkit/sdk/platforms';
import { credentialsOf } from '../credentials.ts';
import { secretRecords } from '../local-state/index.ts';
import { platformOf } from '../platforms.ts';
import { type Examined, error, type Finding, ok, skipped, warning } from './check.ts';

/** Checks if there is a token for each origin, whether its files can be read, and by whom. */
export async function checkCredentials(examined: Examined): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const { name, destination, noToken } of await examined.origins()) {
    if (destination !== undefined) findings.push(ok(`${name}: the token comes from ${destination.source}.`));
    else if (noToken !== undefined) findings.push(warning(`${name}: ${noToken.message}`, noToken.hint ?? LOGIN));
  }
  if (findings.length === 0) findings.push(skipped('The project declares no origin besides the local harness.'));
  return [...findings, ...unreadableCredentials(examined), ...openFiles(examined)];
}

const LOGIN = 'Log in with `connector login`.';

function unreadableCredentials({ context: { environment } }: Examined): Finding[] {
  try {
    credentialsOf(environment).token({ platform: platformOf({}).name, url: 'https://localhost' });
    return [];
  } catch (thrown) {
    if (!(thrown instanceof ConnectorError)) throw thrown;
    const [{ message, hint } = { message: thrown.message, hint: undefined }] = thrown.diagnostics;
    return [error(message, hint ?? LOGIN)];
  }
}

/** Files of secrets that others than their owner may open. Windows has no such modes: there the folder protects them. */
function openFiles(examined: Examined, windows = process.platform === 'win32'): Finding[] {
  const files = secretFiles(examined);
  if (windows) return files.length === 0 ? [] : [ok(`${FILES(files.length)} protected by the folder of your profile.`)];
  const open = files.filter((file) => ((statSync(file, { throwIfNoEntry: false })?.mode ?? 0) & 0o077) !== 0);
  if (open.length === 0 && files.length > 0) return [ok(`${FILES(files.length)} readable by you alone.`)];
  const { context } = examined;
  return open.map((file) => {
    const shown = shownPath(context.cwd, file);
    const hint = `Run \`chmod 600 ${shown}\`, or \`connector doctor --fix\`.`;
    return error(`Other users of this machine can open ${shown}, which holds secrets.`, hint, () =>
      chmodSync(file, 0o600),
    );
  });
}

const FILES = (count: number) => (count === 1 ? 'The one file of secrets is' : `All ${count} files of secrets are`);

function shownPath(cwd: string, file: string): string {
  const path = relative(cwd, file);
  return path.startsWith('..') ? file : path;
}

/** The files that are there and hold secrets: the user's own, and those of the project. */
function secretFiles({ context: { environment }, root, project, choice }: Examined): readonly string[] {
  const own = userFolder(environment);
  const tokens = Object.values(choice.project.origins).flatMap(({ tokenFile }) => tokenFile ?? []);
  const inProject = [
    ...secretRecords(),
    ...(project?.connections ?? []).map(({ commonFile }) => commonFile),
    ...tokens,
  ];
  const named = [
    ...namesIn(own).map((name) => join(own, name)),
    ...(root === undefined ? [] : inProject.map((file) => resolve(root, file))),
  ];
  return [...new Set(named)].filter((file) => statSync(file, { throwIfNoEntry: false })?.isFile() === true);
}

/** Certificates are no secret: programs that do not trust them are given them. */
function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => !/\.(crt|pem|cer)$/.test(name));
  } catch {
    return [];
  }
}

/** Whose the token of each origin is, and which scopes that the platform's operations need it lacks. */
export async function checkScopes({ origins, offline }: Examined): Promise<readonly Finding[]> {
  if (offline) return [skipped('Origins were not asked: --offline was given.')];
  const findings: Finding[] = [];
  for (const { name, platform, destination, account, refusal } of await origins()) {
    if (destination === undefined || platform === undefined) continue;
    if (account === undefined) {
      const { message, hint = LOGIN } = refusal ?? { message: 'it gave no answer.' };
      findings.push(error(`${name}: ${message}`, hint));
      continue;
    }
    const { scopes } = account;
    const needed = [...new Set([...operationsOf(platform.contract).values()].flatMap((each) => each.scopes))].sort();
    const missing = scopes === undefined ? [] : needed.filter((scope) => !scopes.includes(scope));
    if (scopes === undefined)
      findings.push(ok(`${name}: ${platform.title} accepts the token; it does not say its scopes.`));
    else if (missing.length === 0)
      findings.push(ok(`${name}: the token has the scopes ${scopes.join(', ') || 'that are needed: none'}.`));
    else {
      const hint = 'Make a token with these scopes; without them reading works at most.';
      findings.push(warning(`${name}: the token lacks ${missing.join(', ')}.`, hint));
    }
  }
  return findings.length > 0 ? findings : [skipped('There is no token to ask about.')];
}

/** Seconds by which clocks may differ: OAuth 1 and JWT assertions are refused for little more. */
const TOLERATED = 60;
/** Seconds from which on providers are known to refuse signed requests. */
const REFUSED = 300;

/** By how much the clock of this machine differs from that of each origin. */
export async function checkClock({ origins, offline }: Examined): Promise<readonly Finding[]> {
  if (offline) return [skipped('Origins were not asked: --offline was given.')];
  const findings: Finding[] = [];
  for (const { name, ahead, refusal } of await origins()) {
    if (ahead === undefined) {
      findings.push(skipped(`${name}: ${refusal?.message ?? 'the answer has no Date header.'}`));
      continue;
    }
    const seconds = Math.round(Math.abs(ahead) / 1000);
    const words = `this clock is ${seconds} s ${ahead > 0 ? 'behind' : 'ahead of'} the platform's`;
    const hint = 'Let the operating system set the time from the network.';
    if (seconds >= REFUSED) findings.push(error(`${name}: ${words}, and signed requests are refused.`, hint));
    else if (seconds >= TOLERATED) findings.push(warning(`${name}: ${words}.`, hint));
    else findings.push(ok(`${name}: this clock and the platform's agree within ${Math.max(seconds, 1)} s.`));
  }
  return findings.length > 0 ? findings : [skipped('There is no origin to compare the clock with.')];
}
