import { type CreateType, type JSONSchema, lookUp, PLATFORMS, PROJECT_SCHEMAS } from '@connectorkit/sdk';
import type { Run } from '../command.ts';
import { sectionOf, typeFor } from '../draft.ts';
import type { schema as command } from './schema.ts';

/** The schema itself and nothing else on stdout, so that it can be kept in a file. */
export const run: Run<typeof command> = async (_, { section: name, type }) => {
  const schema = (await seedSchema(name)) ?? lookUp(PROJECT_SCHEMAS, name) ?? sectionSchema(name, type);
  return { data: schema, lines: [JSON.stringify(schema, undefined, 2)] };
};

/** Platforms by the names of the schemas of their seeds. */
const SEEDS = new Map(Object.keys(PLATFORMS).map((platform) => [`${platform}-seed`, platform]));

async function seedSchema(name: string): Promise<JSONSchema | undefined> {
  const platform = SEEDS.get(name);
  if (platform === undefined) return undefined;
  const { SEED_SCHEMAS } = await import('@connectorkit/harness');
  return lookUp(SEED_SCHEMAS, platform);
}

function sectionSchema(name: string, type: CreateType | undefined): JSONSchema | undefined {
  const section = sectionOf(name, [...Object.keys(PROJECT_SCHEMAS), ...SEEDS.keys()]);
  return section.schemas[section.schemaFor(typeFor(section, type, ''))];
}
