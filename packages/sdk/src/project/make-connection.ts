import type { Diagnostic } from '../diagnostics.ts';
import { isObject, type JSONObject, lookUp } from '../json.ts';
import { type CreateType, isCreateType } from '../sections/create-types.ts';
import { SECTIONS, type SectionName, sectionNamed } from '../sections/index.ts';
import type { Section } from '../sections/section.ts';
import { readSource, type Source } from '../source.ts';
import { CODE_FILES, codeFileName } from './code-files.ts';
import { type Files, sourceIn } from './files.ts';
import { BESIDE, folderOf, insidePath, isInside, valuesFile } from './make-files.ts';
import { missingSection, missingSections } from './missing.ts';
import { type ReadConnection, words } from './native-connection.ts';
import type { Connection, Project } from './project.ts';
import { sharedValues } from './shared-values.ts';

/** Parts of a project that its connections are read from. */
interface ConnectionSource {
  readonly files: Files;
  readonly manifest: Source;
  readonly origins: Project['origins'];
  readonly owned: Pick<Project, 'ownerOf'>;
}

/** Reads a connection from the files that its entry in the manifest names. */
export function readConnection(surroundings: ConnectionSource, id: string, component: JSONObject): ReadConnection {
  const { files, manifest } = surroundings;
  const at = ['components', 'connection', id];
  const paths = isObject(component.codeFiles) ? component.codeFiles : {};
  const folder = folderOf(id, paths);
  const { sections, missing, problems: found } = readSections(files, manifest, [...at, 'codeFiles'], paths);
  const unmanaged: SectionName[] = CODE_FILES.flatMap(({ code, section }) => (paths[code] === null ? [section] : []));
  found.push(...missingIn(manifest, [...at, 'codeFiles'], paths, { sections, unmanaged }));
  found.push(...unnamedFiles(surroundings, id, folder, component));
  const schemaFile = `${folder}/${BESIDE.commonSchema}`;
  const schema = files.read(schemaFile);
  if (schema !== undefined) sections.common = sourceIn(files, schemaFile, schema, { comments: false });
  const commonFile = valuesFile(folder, paths);
  const values = sharedValues(files, commonFile, sections.install);
  found.push(...values.problems);
  if (sections.common === undefined && values.schema !== undefined) sections.common = values.schema;
  // Their file is often one that git ignores: where it is not, the platform may have them.
  if (!values.isEmpty) unmanaged.push('common');
  // That a file is missing is reported once, and not again by whatever reads the section.
  unmanaged.push(...missing);
  const declared = declaredType(files, folder, component.connectionType, sections.api);
  const possibleTypes = declared === undefined && component.connectionType === undefined ? fittingTypes(sections) : [];
  const type = declared ?? possibleTypes[0];
  if (type === undefined) found.push(...Object.values(sections).flatMap((source) => source.problems));
  else if (declared === undefined) found.push(noType(surroundings, id, possibleTypes));
  const problems = found.map((problem) => ({ ...problem, connection: id }));
  if (type === undefined) return { problems };
  const label = words(component.label) ?? id;
  const removal = `remove ${JSON.stringify(id)} from the connections in ${manifest.file}`;
  const facts = { id, type, label, folder, commonFile, removal, descriptor: manifest, unmanaged, sections };
  const connection = declared === undefined ? { ...facts, possibleTypes } : facts;
  return { connection, ...(values.isOurs ? { values: commonFile } : {}), problems };
}

type Sections = { [name in SectionName]?: Source };

function readSections(files: Files, manifest: Source, at: readonly string[], paths: JSONObject) {
  const sections: Sections = {};
  const missing: SectionName[] = [];
  const problems: Diagnostic[] = [];
  for (const { code, section } of CODE_FILES) {
    const named = words(paths[code]);
    const entry = sectionNamed(section);
    if (named === undefined || entry === undefined) continue;
    const path = insidePath(named);
    const text = path === undefined ? undefined : files.read(path);
    if (path === undefined || text === undefined) {
      problems.push(missingFile(manifest, [...at, code], named));
      missing.push(section);
    } else sections[section] = sourceIn(files, path, text, { comments: entry.comments });
  }
  return { sections, missing, problems };
}

function missingFile(manifest: Source, path: readonly string[], file: string): Diagnostic {
  return {
    code: 'project/missing-file',
    severity: 'error',
    message: isInside(file)
      ? `The file ${JSON.stringify(file)} does not exist.`
      : `${JSON.stringify(file)} is outside of the project’s folder.`,
    hint: 'Correct the path, or write null to leave the section out.',
    found: file,
    file: manifest.file,
    path,
    ...manifest.locate(path),
  };
}

/** Sections that have to be there, and for which the entry names neither a file nor null. */
function missingIn(
  manifest: Source,
  path: readonly string[],
  paths: JSONObject,
  { sections, unmanaged }: Pick<Connection, 'sections' | 'unmanaged'>,
): Diagnostic[] {
  return missingSections(sections, unmanaged).flatMap(({ name }) => {
    const code = CODE_FILES.find(({ section }) => section === name)?.code ?? name;
    if (words(paths[code]) !== undefined) return [];
    const hint = `Name its file as ${code}, or write null there to leave alone what the platform has.`;
    return [{ ...missingSection(name, hint), file: manifest.file, path, ...manifest.locate(path) }];
  });
}

/** Files that are called as Make's extension calls those of the connection, and that its entry does not name. */
function unnamedFiles(
  { files, manifest, owned }: ConnectionSource,
  id: string,
  folder: string,
  { codeFiles, connectionType }: JSONObject,
): Diagnostic[] {
  const path = ['components', 'connection', id, 'codeFiles'];
  const paths = isObject(codeFiles) ? codeFiles : {};
  const stored = connectionType === 'oauth' ? connectionType : undefined;
  return CODE_FILES.flatMap((entry): Diagnostic[] => {
    const file = `${folder}/${codeFileName(id, entry, stored)}`;
    if (Object.hasOwn(paths, entry.code) || owned.ownerOf(file).length > 0) return [];
    if (files.read(file) === undefined) return [];
    return [
      {
        code: 'project/unnamed-file',
        severity: 'warning',
        message: `${file} exists, but the entry of ${JSON.stringify(id)} does not list it.`,
        hint: `List it as ${entry.code}, or write null there to leave the section out.`,
        found: file,
        file: manifest.file,
        path,
        ...manifest.locate(path),
      },
    ];
  });
}

/** The key that it was created with, as a file beside keeps it, or the stored type and what the api looks like. */
function declaredType(files: Files, folder: string, stored: unknown, api: Source | undefined): CreateType | undefined {
  const text = files.read(`${folder}/${BESIDE.descriptor}`);
  const kept = text === undefined ? undefined : readSource('', text, { comments: true }).value;
  if (isObject(kept) && isCreateType(kept.type)) return kept.type;
  if (stored === 'oauth' && isObject(api?.value) && Object.hasOwn(api.value, 'requestToken')) return 'oauth-1';
  return isCreateType(stored) ? stored : undefined;
}

/** One of the types for each form that a connection may have. */
const FORMS = ['basic', 'oauth', 'oauth-1'] as const satisfies readonly CreateType[];

/** The types that do not clearly differ from what the sections are; all when each does. */
export function fittingTypes(sections: Connection['sections']): readonly CreateType[] {
  const fitting = FORMS.filter((type) =>
    SECTIONS.every((section: Section & { readonly name: SectionName }) => {
      const source = sections[section.name];
      return source === undefined || section.mismatch?.(type, source.value) === undefined;
    }),
  );
  return fitting.length === 0 ? FORMS : fitting;
}

/** That an entry has no type, which is an error unless the connection is on some origin already. */
function noType({ manifest, origins }: ConnectionSource, id: string, types: readonly CreateType[]): Diagnostic {
  const path = ['components', 'connection', id];
  const isThere = Object.values(origins).some(({ connections = {} }) => lookUp(connections, id) !== undefined);
  return {
    code: 'project/no-type',
    severity: isThere ? 'info' : 'error',
    message: `The entry of ${JSON.stringify(id)} has no connectionType; its sections are checked as ${types.join(' or ')}.`,
    hint: isThere
      ? 'Write basic or oauth, as the platform stores it: it is needed to create the connection again.'
      : 'Write basic or oauth: the platform needs it to create the connection.',
    file: manifest.file,
    path,
    ...manifest.locate(path, 'key'),
  };
}
