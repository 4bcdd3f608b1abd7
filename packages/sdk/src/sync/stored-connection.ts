import { isObject, type JSONObject } from '../json.ts';
import { DIALECT } from '../json-schema/vocabulary.ts';
import type { Connection } from '../project/project.ts';
import { looksSecret } from '../secrecy.ts';
import type { CreateType } from '../sections/create-types.ts';
import { SECTIONS } from '../sections/index.ts';
import { readSource, type Source } from '../source.ts';
import { TEXT_SECTIONS, type Texts } from './local.ts';
import type { StoredConnection } from './remote.ts';

/** The key it may have been created with: the platform keeps only the stored type. */
export function createTypeOf({ type, texts }: Pick<StoredConnection, 'type' | 'texts'>): CreateType {
  if (type === 'basic') return 'basic';
  const { value } = readSource('', texts.api ?? '{}', { comments: true });
  return isObject(value) && Object.hasOwn(value, 'requestToken') ? 'oauth-1' : 'oauth';
}

/** The texts of the sections that declare something. */
export function declaredTexts({ texts }: Pick<StoredConnection, 'texts'>): Texts {
  return Object.fromEntries(
    TEXT_SECTIONS.flatMap(({ name, empty }) => {
      const text = texts[name];
      return text === undefined || text === 'null' || text.trim() === empty.trim() ? [] : [[name, text]];
    }),
  );
}

/**
 * A connection as a platform has it, to be run without a project. Its id and the folder of its files are the name that
 * the platform gives it; sections that declare nothing are left out. `common` is declared by the keys of its values and
 * by those that the sections read; none of the values is in it.
 */
export function storedConnection(stored: StoredConnection): Connection {
  const { name, label } = stored;
  const type = createTypeOf(stored);
  const texts = declaredTexts(stored);
  const read = TEXT_SECTIONS.flatMap((section): [string, Source][] => {
    const text = texts[section.name];
    if (text === undefined) return [];
    return [[section.name, readSource(`${name}/${section.files[0]}`, text, { comments: section.comments })]];
  });
  const sections: Connection['sections'] = { ...Object.fromEntries(read), common: commonSchema(stored, texts) };
  return {
    ...{ id: name, type, label, folder: name, commonFile: `${name}/common` },
    removal: 'delete it on the platform',
    descriptor: readSource(`${name}/connection`, JSON.stringify({ type, label }), { comments: false }),
    unmanaged: SECTIONS.flatMap((section) => (Object.hasOwn(sections, section.name) ? [] : [section.name])),
    sections,
  };
}

function commonSchema({ name, common }: StoredConnection, texts: Texts): Source {
  const keys = [
    ...(isObject(common) ? Object.keys(common) : []),
    ...Object.values(texts).flatMap((text) =>
      [...text.matchAll(/\bcommon\.([A-Za-z_$][\w$]*)/g)].map(([, key = '']) => key),
    ),
  ];
  const properties: JSONObject = Object.fromEntries(
    keys.map((key) => [key, looksSecret(key) ? { type: 'string', writeOnly: true } : {}]),
  );
  const schema = { $schema: DIALECT, type: 'object', properties };
  return readSource(`${name}/common`, JSON.stringify(schema, undefined, 2), { comments: false });
}
