import {
  type Connection,
  ConnectorError,
  type JSONSchema,
  openProject,
  type Project,
  SECTIONS,
} from '@connectorkit/sdk';
import { connectionsNamed, PROJECT_SCHEMAS } from '@connectorkit/sdk/project';
import { type McpServer, ResourceNotFoundError, ResourceTemplate } from '@modelcontextprotocol/server';
import type { Context } from '../command.ts';

const TEMPLATE = 'connector://connections/{connection}/{section}';

/** Registers the JSON Schemas of all files of a project, and the sections of its connections as they are on disk. */
export function registerResources(server: McpServer, context: Context): void {
  for (const [name, schema] of Object.entries(schemas())) {
    const uri = `connector://schemas/${name}`;
    const { title, description } = typeof schema === 'object' ? schema : {};
    const words = {
      title: `JSON Schema: ${typeof title === 'string' ? title : name}`,
      ...(typeof description === 'string' ? { description } : {}),
    };
    const mimeType = 'application/schema+json';
    server.registerResource(`schema-${name}`, uri, { ...words, mimeType }, async () => ({
      contents: [{ uri, mimeType, text: JSON.stringify(schema, undefined, 2) }],
    }));
  }
  const sections = new ResourceTemplate(TEMPLATE, {
    list: async () => ({ resources: listed(context) }),
    complete: {
      connection: (word) => idsIn(context).filter((id) => id.startsWith(word)),
      section: (word) => SECTIONS.map(({ name }) => name).filter((name) => name.startsWith(word)),
    },
  });
  const description = 'The text of a section of a connection, as it is on disk.';
  server.registerResource('section', sections, { title: 'Section', description }, async (uri, variables) => {
    const text = sectionText(context, textOf(variables.connection), textOf(variables.section));
    if (text === undefined) throw new ResourceNotFoundError(uri.href);
    return { contents: [{ uri: uri.href, mimeType: MIME_TYPE, text }] };
  });
}

const MIME_TYPE = 'application/json';

/** The schemas of sections and of the project's own files, by name. */
function schemas(): Readonly<Record<string, JSONSchema>> {
  return Object.assign({}, PROJECT_SCHEMAS, ...SECTIONS.map((section) => section.schemas));
}

function listed(context: Context) {
  const project = opened(context);
  return (project?.connections ?? []).flatMap((connection) =>
    SECTIONS.filter(({ name }) => shown(project, connection, name) !== undefined).map(({ name, summary }) => ({
      uri: TEMPLATE.replace('{connection}', encodeURIComponent(connection.id)).replace('{section}', name),
      name: `${connection.id}/${name}`,
      description: summary,
      mimeType: MIME_TYPE,
    })),
  );
}

function sectionText(context: Context, id: string, section: string): string | undefined {
  const project = opened(context);
  if (project === undefined || !project.ids.includes(id)) return undefined;
  const [connection] = connectionsNamed(project, [id]);
  return connection === undefined ? undefined : shown(project, connection, section);
}

/** The text of a section; undefined where there is none, and for a file that holds secret values. */
function shown(project: Project | undefined, { sections }: Connection, name: string): string | undefined {
  const source = Object.entries(sections).find(([section]) => section === name)?.[1];
  return source === undefined || project?.isSecret(source.file) === true ? undefined : source.text;
}

function idsIn(context: Context): readonly string[] {
  return opened(context)?.ids ?? [];
}

/** The project as it is now; undefined where there is none. */
function opened(context: Context): Project | undefined {
  try {
    return openProject(context.files(context.root()));
  } catch (error) {
    if (error instanceof ConnectorError) return undefined;
    throw error;
  }
}

function textOf(value: string | string[] | undefined): string {
  return decodeURIComponent([value].flat()[0] ?? '');
}
