import type { Contract } from '@connectorkit/sdk/emulator';

/** As much of a JSON Schema as says which members a body may have. */
interface BodySchema {
  readonly $ref?: string;
  readonly properties?: Readonly<Record<string, BodySchema>>;
  readonly additionalProperties?: boolean | BodySchema;
  readonly items?: BodySchema;
  readonly anyOf?: readonly BodySchema[];
  readonly oneOf?: readonly BodySchema[];
  readonly allOf?: readonly BodySchema[];
  readonly readOnly?: boolean;
}

/**
 * A request body without the members that its schema does not declare, and without those that it declares `readOnly`:
 * vendors ignore both, and a behaviour that stores what it is given must not store them. An object whose schema names
 * no properties, or allows additional ones, is free and keeps its members.
 * Source: OpenAPI 3.1.0, section 4.8.24, and JSON Schema Validation 2020-12, section 9.4.
 */
export function declaredPart(value: unknown, schema: object, components: Contract['components']): unknown {
  return partOf(value, [schema as BodySchema], components.schemas as Readonly<Record<string, BodySchema>>);
}

function partOf(
  value: unknown,
  given: readonly BodySchema[],
  components: Readonly<Record<string, BodySchema>>,
): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const schemas = given.flatMap((schema) => alternatives(schema, components));
  if (Array.isArray(value)) {
    const items = schemas.flatMap((schema) => schema.items ?? []);
    return items.length === 0 ? value : value.map((each) => partOf(each, items, components));
  }
  const declaring = schemas.filter(({ properties }) => properties !== undefined);
  const free =
    declaring.length === 0 || schemas.some(({ additionalProperties = false }) => additionalProperties !== false);
  const members = Object.entries(value).flatMap(([name, member]): [string, unknown][] => {
    const declared = declaring.flatMap(({ properties = {} }) =>
      Object.hasOwn(properties, name) ? (properties[name] ?? []) : [],
    );
    if (declared.length === 0) return free ? [[name, member]] : [];
    return declared.every(({ readOnly }) => readOnly) ? [] : [[name, partOf(member, declared, components)]];
  });
  return Object.fromEntries(members);
}

/** A schema, what it refers to, and all that it combines. */
function alternatives(schema: BodySchema, components: Readonly<Record<string, BodySchema>>): BodySchema[] {
  const referred = schema.$ref === undefined ? undefined : components[schema.$ref.replace('#/components/schemas/', '')];
  const others = [...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.allOf ?? [])];
  return [schema, ...(referred === undefined ? [] : [referred]), ...others].flatMap((each) =>
    each === schema ? [each] : alternatives(each, components),
  );
}
