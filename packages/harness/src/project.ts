import {
  ConnectorError,
  CREATE_TYPES,
  checkName,
  type Files,
  localState,
  openProject,
  type RemoteNames,
  SECTIONS,
  validate,
} from '@connectorkit/sdk';
import type { Controlled, ProjectSeed } from './control.ts';

/** Defines a project's connections on the first of the emulators that can, by the client of a push. */
export async function seedProject(
  { project: given, environment = {} }: ProjectSeed,
  { emulators, token, send }: Pick<Controlled, 'emulators' | 'token' | 'send'>,
): Promise<RemoteNames> {
  const [registry] = emulators.flatMap(({ platform: { registry, basePath } }) =>
    registry === undefined ? [] : [registry({ url: `http://localhost${basePath}`, token, send })],
  );
  if (registry === undefined) {
    throw new ConnectorError('usage', {
      code: 'origin/unknown',
      message: `Connections are not defined on ${emulators.map((each) => each.platform.title).join(', ')}.`,
      hint: 'Choose a platform that connectors are published to.',
    });
  }
  const project = openProject(isFiles(given) ? given : filesOf(given));
  const diagnostics = validate(project);
  if (diagnostics.some(({ severity }) => severity === 'error')) throw new ConnectorError('findings', diagnostics);
  checkName(project);
  const local = localState(project, project.connections, environment);
  const { name, label } = project;
  const known = (await registry.apps()).find((each) => each.label === label && registry.namedAfter(each.name, name));
  const app = known ?? (await registry.createApp({ name, label }));
  const listed = await registry.list(app.name);
  const connections: Record<string, string> = {};
  for (const connection of local) {
    const { stored } = CREATE_TYPES[connection.type];
    const there = listed.find((each) => each.label === connection.label && each.type === stored);
    const { type, label, texts, common } = connection;
    const remote = there ?? (await registry.create(app.name, { type, label }));
    connections[connection.id] = remote.name;
    for (const section of SECTIONS) {
      // What a new connection is filled with is nobody's; what somebody wrote and the project does not declare stays.
      const text = texts[section.name] ?? (there === undefined && section.wire === 'text' ? section.empty : undefined);
      if (text !== undefined) await registry.setSection(remote.name, section.name, text);
    }
    if (common !== undefined) await registry.setCommon(remote.name, common);
  }
  return { app: app.name, version: app.version, connections };
}

function isFiles(project: ProjectSeed['project']): project is Files {
  return typeof project.read === 'function';
}

/** The texts as files that nobody writes to. */
function filesOf(texts: Readonly<Record<string, string>>): Files {
  const paths = Object.keys(texts);
  const refuse = () => {
    throw new Error('a project that is seeded is not written to');
  };
  return {
    read: (path) => (Object.hasOwn(texts, path) ? texts[path] : undefined),
    list: (folder) => {
      const start = folder === '' || folder === '.' ? '' : `${folder.replace(/\/$/, '')}/`;
      const below = paths.filter((path) => path.startsWith(start)).map((path) => path.slice(start.length));
      return [...new Set(below.map((path) => path.replace(/\/.*/s, '/')))].sort();
    },
    write: refuse,
    rename: refuse,
  };
}
