import { wireOf } from '../authored.ts';
import { isField } from '../parameters/kinds.ts';
import { credentialKeys } from '../project/common.ts';
import type { Connection } from '../project/project.ts';
import { CREATE_TYPES } from '../sections/create-types.ts';
import { SECTIONS, type SectionName } from '../sections/index.ts';
import type { Platform, PlatformTakes } from './platform.ts';

/** Answer to which parts of a connection one platform can take. */
export interface Portability {
  readonly platform: string;
  readonly connection: string;
  /** Use that the platform makes of it, one sentence. */
  readonly use: string;
  /** True if it can authorize connections of this kind; null where it is not asked to. */
  readonly authorizes: boolean | null;
  /** The fields of the form, by name: those that it shows as they are declared, and those that it cannot. */
  readonly fields: { readonly taken: readonly string[]; readonly lost: readonly LostField[] } | null;
  /** The sections that the connection has. */
  readonly sections: { readonly taken: readonly SectionName[]; readonly lost: readonly SectionName[] };
  /** The keys of `common` that take the credentials it grants; null where it grants none, or there are no such keys. */
  readonly credentials: { readonly clientId: string; readonly clientSecret: string } | null;
  /** Parts that are lost or missing, each a sentence. */
  readonly lacks: readonly string[];
}

/** A field that a platform cannot show as it is declared. */
interface LostField {
  readonly name: string;
  readonly type: string;
}

/** Returns which parts of a connection a platform can take, from its own table. */
export function portability({ name, title, takes }: Platform, connection: Connection): Portability {
  const { kind } = CREATE_TYPES[connection.type];
  const present = SECTIONS.map((section) => section.name).filter(
    (section) => connection.sections[section] !== undefined,
  );
  const authorizes = takes.kinds === undefined ? null : takes.kinds.includes(kind);
  const fields = takes.fields === undefined ? null : sorted(fieldsOf(connection), takes.fields);
  const credentials = takes.credentials ? (credentialKeys(connection) ?? null) : null;
  const lost = present.filter((section) => !takes.sections.includes(section));
  const lacks = [
    ...(authorizes === false ? [`${title} cannot authorize ${CREATE_TYPES[connection.type].title}.`] : []),
    ...(fields?.lost ?? []).map((field) => `The field ${field.name} (${field.type}) becomes plain text.`),
    ...(takes.credentials && credentials === null ? [NO_PLACE] : []),
  ];
  return {
    platform: name,
    connection: connection.id,
    use: takes.use,
    authorizes,
    fields,
    sections: { taken: present.filter((section) => takes.sections.includes(section)), lost },
    credentials,
    lacks,
  };
}

const NO_PLACE = 'common declares no client id and client secret, so granted credentials cannot be stored.';

function sorted(fields: readonly LostField[], known: NonNullable<PlatformTakes['fields']>): Portability['fields'] {
  const fits = ({ type }: LostField) => known === 'all' || known.includes(type);
  return {
    taken: fields.filter(fits).map(({ name }) => name),
    lost: fields.filter((field) => !fits(field)),
  };
}

/** Every field that takes a value, nested ones as `outer.inner`. */
function fieldsOf(connection: Connection): LostField[] {
  return SECTIONS.flatMap((section) => {
    const source = connection.sections[section.name];
    if (source === undefined || !('asks' in section) || section.asks !== 'user') return [];
    return fieldsIn(wireOf(section, connection.type, source).value, '');
  });
}

function fieldsIn(value: unknown, above: string): LostField[] {
  if (!Array.isArray(value)) return [];
  return value
    .filter(isField)
    .flatMap(({ name, type, spec }): LostField[] => [
      { name: `${above}${name}`, type: String(type ?? 'text') },
      ...fieldsIn(spec, `${above}${name}.`),
    ]);
}
