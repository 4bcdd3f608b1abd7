import type { Answers, Imported } from '../../src/openapi/connection.ts';
import { describeConnections } from '../../src/openapi/describe.ts';
import { readDescription } from '../../src/openapi/description.ts';
import { memoryFiles } from '../../src/project/files.ts';
import { openProject } from '../../src/project/index.ts';
import type { Connection } from '../../src/project/project.ts';
import { validate } from '../../src/validate.ts';

/** A description with one operation that says who somebody is, and what is put over it. */
export function acme(more: object, operation: object = {}): string {
  return JSON.stringify({
    openapi: '3.1.0',
    info: { title: 'Acme', version: '1' },
    servers: [{ url: 'https://api.acme.test/v1' }],
    paths: {
      '/me': {
        get: {
          summary: 'The current user',
          responses: {
            200: {
              description: 'ok',
              content: { 'application/json': { schema: { properties: { id: {}, email: { type: 'string' } } } } },
            },
            401: {
              description: 'no',
              content: { 'application/json': { schema: { properties: { message: { type: 'string' } } } } },
            },
          },
          ...operation,
        },
      },
    },
    ...more,
  });
}

/** Schemes that every request needs one of. */
export function schemes(securitySchemes: object): object {
  return { components: { securitySchemes }, security: Object.keys(securitySchemes).map((key) => ({ [key]: [] })) };
}

/** What is made of a document. */
export async function imported(text: string, answers: Answers = {}, location?: string): Promise<Imported> {
  return describeConnections(await readDescription(text, location), answers);
}

/** The connections as they are in a project, and what validating it says. */
export function written({ connections }: Pick<Imported, 'connections'>) {
  const files = memoryFiles({ 'connector.json': '{ "name": "acme", "label": "Acme" }' });
  const changes = connections.map(({ id, type, label, texts }) => [id, { type, label, texts }]);
  openProject(files).write(Object.fromEntries(changes));
  const project = openProject(files);
  const byId = new Map<string, Connection>(project.connections.map((each) => [each.id, each]));
  return { byId, problems: validate(project), texts: files.texts };
}

/** The value of a section. */
export function sectionOf(connection: Connection | undefined, section: keyof Connection['sections']) {
  // biome-ignore lint/suspicious/noExplicitAny: a test asks what it expects to be there.
  return connection?.sections[section]?.value as any;
}
