import { type CreateType, type JSONSchema, lookUp, PROJECT_SCHEMAS } from '@connectorkit/sdk';
import type { Run } from '../command.ts';
import { sectionOf, typeFor } from '../draft.ts';
import type { schema as command } from './schema.ts';

/** The schema itself and nothing else on stdout, so that it can be kept in a file. */
export const run: Run<typeof command> = async (_, { section: name, type }) => {
  const schema = Object.hasOwn(PROJECT_SCHEMAS, name) ? lookUp(PROJECT_SCHEMAS, name) : schemaOf(name, type);
  return { data: schema, lines: [JSON.stringify(schema, undefined, 2)] };
};

function schemaOf(name: string, type: CreateType | undefined): JSONSchema | undefined {
  const section = sectionOf(name, Object.keys(PROJECT_SCHEMAS));
  return section.schemas[section.schemaFor(typeFor(section, type, ''))];
}
