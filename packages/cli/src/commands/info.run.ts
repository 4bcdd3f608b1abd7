import { arch, release, type } from 'node:os';
import { ConnectorError, openProject, type Project, validate } from '@connectorkit/sdk';
import { copyText } from '../clipboard.ts';
import type { Context, Run } from '../command.ts';
import { choiceOf } from '../origins.ts';
import { columns, plural } from '../output/text.ts';
import { platformOf } from '../platforms.ts';
import { version } from '../version.ts';
import type { info as command } from './info.ts';

export const run: Run<typeof command> = async (context, { copy }) => {
  const facts = {
    connector: version(),
    node: process.versions.node,
    system: `${type()} ${release()} ${arch()}`,
    ...projectFacts(context),
  };
  const lines = columns(Object.entries(facts).map(([name, fact]) => [name, fact]));
  if (!copy) return { data: facts, lines };
  const way = await copyText(`${lines.join('\n')}\n`, context);
  if (way !== undefined) return { data: facts, lines, summary: `Copied to the clipboard ${way}.` };
  const message = 'No program for the clipboard was found, and there is no terminal to use instead.';
  const hint = 'Copy the text above, or install xclip or wl-clipboard.';
  return { data: facts, lines, diagnostics: [{ code: 'info/no-clipboard', severity: 'error', message, hint }] };
};

/** Nothing that somebody chose: no ids, labels, names of hosts or paths, which can be private. */
function projectFacts(context: Context): Record<string, string> {
  let project: Project;
  try {
    project = openProject(context.files(context.root()));
  } catch (thrown) {
    if (!(thrown instanceof ConnectorError)) throw thrown;
    return { project: `none (${thrown.diagnostics[0]?.code})` };
  }
  const { layout, connections, origins, problems } = project;
  const reported = [...problems, ...validate(project)];
  const codes = countsOf(reported.map(({ code }) => code));
  const { harness } = choiceOf(context, { origins, folder: context.root() }, undefined);
  return {
    project: `${layout} layout, ${plural(connections.length, 'connection')}`,
    connections:
      countsOf(connections.map(({ type, sections }) => `${type} (${Object.keys(sections).join(', ')})`)) || 'none',
    origins: countsOf(Object.values(origins).map(placeOf)) || 'none',
    problems: codes || 'none',
    harness: harness === undefined ? 'not running' : 'running',
  };
}

/** The vendor's own zones are known to everybody; any other address is somebody's own. */
function placeOf(origin: Project['origins'][string]): string {
  if (origin.unusable !== undefined) return 'unusable';
  try {
    const { title, zones = {} } = platformOf(origin);
    if (origin.zone !== undefined && Object.hasOwn(zones, origin.zone)) return `${title} ${origin.zone}`;
    return origin.url === undefined ? 'the local harness' : `${title} at its own address`;
  } catch {
    return 'unknown platform';
  }
}

/** Each text once, with how often it occurs: `a, b ×2`. */
function countsOf(texts: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return [...counts].map(([text, count]) => (count === 1 ? text : `${text} ×${count}`)).join('; ');
}
