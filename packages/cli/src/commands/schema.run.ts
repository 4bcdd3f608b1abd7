import { type CreateType, type JSONSchema, lookUp } from '@connectorkit/sdk';
import { PLATFORMS } from '@connectorkit/sdk/platforms';
import { PROJECT_SCHEMAS } from '@connectorkit/sdk/project';
import type { Run } from '../command.ts';
import { sectionOf, typeFor } from '../validate-stdin.ts';
import type { schema as command } from './schema.ts';

/** The schema itself and nothing else on stdout, so that it can be kept in a file. */
export const run: Run<typeof command> = async (_, { section: name, type }) => {
  const schema = (await seedSchema(name)) ?? lookUp(PROJECT_SCHEMAS, name) ?? sectionSchema(name, type);
  return { data: schema, lines: [JSON.stringify(schema, undefined, 2)] };
};

/** Schemas of a harness's seeds: its platforms and its provider, by name. */
const SEEDS = new Map([...Object.keys(PLATFORMS), 'provider'].map((name) => [`${name}-seed`, name]));

async function seedSchema(name: string): Promise<JSONSchema | undefined> {
  const seeded = SEEDS.get(name);
  if (seeded === undefined) return undefined;
  const { seedSchemaOf } = await import('@connectorkit/harness');
  return seedSchemaOf(seeded);
}

function sectionSchema(name: string, type: CreateType | undefined): JSONSchema | undefined {
  const section = sectionOf(name, [...Object.keys(PROJECT_SCHEMAS), ...SEEDS.keys()]);
  return section.schemas[section.schemaFor(typeFor(section, type, ''))];
}
