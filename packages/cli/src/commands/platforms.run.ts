import { openProject } from '@connectorkit/sdk';
import { PLATFORMS, type Platform, type Portability, portability } from '@connectorkit/sdk/platforms';
import { checkReadable, connectionsNamed } from '@connectorkit/sdk/project';
import type { Run } from '../command.ts';
import { plural } from '../output/text.ts';
import type { platforms as command } from './platforms.ts';

const platforms: readonly Platform[] = Object.values(PLATFORMS);

export const run: Run<typeof command> = async (context, { connections: ids }) => {
  const project = openProject(context.files(context.root()));
  if (ids.length === 0) checkReadable(project);
  const chosen = ids.length === 0 ? project.connections : connectionsNamed(project, ids);
  const reports = chosen.flatMap((connection) => platforms.map((platform) => portability(platform, connection)));
  const lines = chosen.flatMap(({ id, type }, index) => [
    ...(index === 0 ? [] : ['']),
    `${id} (${type})`,
    ...platforms.flatMap(({ name, title }) => {
      const own = reports.find((each) => each.connection === id && each.platform === name);
      return own === undefined ? [] : linesOf(title, own);
    }),
  ]);
  const lacking = reports.filter(({ lacks }) => lacks.length > 0).length;
  return {
    data: { platforms: platforms.map(({ name, title, zones }) => ({ name, title, zones: zones ?? {} })), reports },
    lines,
    summary:
      lacking === 0
        ? `Nothing is missing on any of ${plural(platforms.length, 'platform')}.`
        : `${plural(lacking, 'report')} of ${reports.length} ${lacking === 1 ? 'says' : 'say'} what is missing.`,
  };
};

function linesOf(title: string, { use, authorizes, fields, sections, credentials, lacks }: Portability): string[] {
  const facts = [
    ...(fields === null || fields.taken.length + fields.lost.length === 0
      ? []
      : [`form: ${fields.taken.length} of ${plural(fields.taken.length + fields.lost.length, 'field')} as declared`]),
    ...(sections.taken.length === 0 ? [] : [`takes ${sections.taken.join(', ')}`]),
    // A platform that is not asked to hold connections misses nothing.
    ...(authorizes === null || sections.lost.length === 0 ? [] : [`has no place for ${sections.lost.join(', ')}`]),
    ...(credentials === null ? [] : [`grants ${credentials.clientId} and ${credentials.clientSecret}`]),
  ];
  return [`  ${title}: ${use}`, ...facts.map((fact) => `    ${fact}`), ...lacks.map((lack) => `    ! ${lack}`)];
}
