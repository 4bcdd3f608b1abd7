import { ConnectorError, type Path } from '../diagnostics.ts';
import { isObject, valueAt } from '../json.ts';
import { CREATE_TYPES } from '../sections/create-types.ts';
import { SECTIONS } from '../sections/index.ts';
import { readSource } from '../source.ts';
import { edited, type Settings } from './edited.ts';
import { API, CODE_FILES, codeFileName } from './makecomapp.ts';
import { type Connection, type Layout, MARKERS, type Origin, type Project } from './project.ts';

/** What moving a project into another layout does to its files, in this order. */
export interface Relayout {
  readonly renames: readonly (readonly [from: string, to: string])[];
  readonly writes: readonly { readonly file: string; readonly text: string; readonly secret?: boolean }[];
}

/**
 * How a project comes into another layout. Nothing is lost: what a layout has no place for stays in the file that has
 * one. After a move out of Make's layout `makecomapp.json` stays for the components that are no connections, and names
 * the files where they are then.
 * @throws ConnectorError usage `convert/layout` when it is in that layout already, or when a section is written in a
 * form that only the native layout can push.
 */
export function relayout(project: Project, to: Layout['name']): Relayout {
  const from = isMake(project) ? 'make' : 'native';
  if (from === to) throw refused(`The project is in the ${to} layout already.`, 'Nothing needs to be done.');
  return to === 'make' ? toMake(project) : toNative(project);
}

function isMake({ manifest }: Project): boolean {
  return manifest.file === MARKERS.make;
}

function toMake(project: Project): Relayout {
  const renames: [string, string][] = [];
  const settings: (readonly [Path, unknown])[] = [];
  const before = project.files.read(MARKERS.make);
  const known = before === undefined ? undefined : readSource('', before, { comments: false }).value;
  for (const connection of project.connections) {
    const codeFiles: Record<string, string | null> = { common: null };
    for (const entry of CODE_FILES) {
      const source = connection.sections[entry.section];
      if (source === undefined) continue;
      checkForm(connection, entry.section);
      const path = `${connection.folder}/${codeFileName(connection.id, entry, CREATE_TYPES[connection.type].stored)}`;
      codeFiles[entry.code] = path;
      renames.push([source.file, path]);
    }
    const at = ['components', 'connection', connection.id];
    const kept = valueAt(known, [...at, 'codeFiles']);
    settings.push(
      [[...at, 'label'], connection.label],
      [[...at, 'connectionType'], CREATE_TYPES[connection.type].stored],
      [[...at, 'codeFiles'], { ...(isObject(kept) ? kept : {}), ...codeFiles }],
    );
  }
  const moved = Object.entries(project.origins).filter(([, origin]) => baseUrl(origin) !== undefined);
  const listed = valueAt(known, ['origins']);
  const others = Array.isArray(listed) ? listed : [];
  moved.forEach(([name, origin]) => {
    const found = others.findIndex((each) => isObject(each) && each.label === name);
    const index = found < 0 ? others.length : found;
    if (found < 0) others.push({ label: name });
    settings.push(...originSettings(['origins', index], name, origin, found >= 0));
  });
  const manifest = project.manifest.text;
  return {
    renames,
    writes: [
      { file: MARKERS.make, text: edited(before ?? BLANK, settings) },
      {
        file: MARKERS.native,
        text: edited(manifest, [
          [['layout'], 'make'],
          ...moved.map(([name]) => [['origins', name], undefined] as const),
        ]),
      },
    ],
  };
}

/** A project of Make's without anything in it, in the form that Make's extension writes. */
const BLANK = `${JSON.stringify(
  {
    fileVersion: 1,
    generalCodeFiles: { base: null, common: null, readme: null, groups: null },
    components: { connection: {}, module: {}, rpc: {}, webhook: {}, function: {} },
    origins: [],
  },
  undefined,
  '\t',
)}\n`;

/** Make's own base URL; only Make's origins with an app have one. */
function baseUrl({ platform = 'make', url, app }: Origin): string | undefined {
  return platform === 'make' && app !== undefined && url?.endsWith(API) ? url.slice(0, -API.length) : undefined;
}

function originSettings(at: (string | number)[], label: string, origin: Origin, known: boolean): Settings {
  const { app, version = 1, tokenFile, connections = {}, ignored } = origin;
  const pairs = [
    ...Object.entries(connections).map(([local, remote]) => ({ local, remote })),
    ...(ignored?.local ?? []).map((local) => ({ local, remote: null })),
    ...(ignored?.remote ?? []).map((remote) => ({ local: null, remote })),
  ];
  const facts = { label, baseUrl: baseUrl(origin), appId: app, appVersion: version };
  const apikeyFile = tokenFile ?? '../.secrets/apikey';
  if (known) {
    const each = { ...facts, ...(tokenFile === undefined ? {} : { apikeyFile }) };
    const settings = Object.entries(each).map(([key, value]) => [[...at, key], value] as const);
    return [...settings, [[...at, 'idMapping', 'connection'], pairs]];
  }
  const idMapping = { connection: pairs, module: [], function: [], rpc: [], webhook: [] };
  return [[at, { ...facts, idMapping, apikeyFile }]];
}

/** Make's extension pushes a file as it is: what has to be compiled first cannot lie in its layout. */
function checkForm({ id, sections }: Connection, name: string): void {
  const section = SECTIONS.find((each) => each.name === name);
  const source = sections[name as keyof typeof sections];
  if (section === undefined || !('authoring' in section) || !section.authoring.applies(source?.value)) return;
  throw refused(
    `${source?.file} is written as a JSON Schema, which Make’s own tools cannot push.`,
    `Rewrite it first: \`connector convert ${id} --to array\`.`,
  );
}

function toNative(project: Project): Relayout {
  const { files, manifest } = project;
  const renames: [string, string][] = [];
  const writes: { file: string; text: string; secret?: boolean }[] = [];
  const paths: [(string | number)[], unknown][] = [];
  for (const { id, type, label, sections, commonFile } of project.connections) {
    const folder = `connections/${id}`;
    for (const section of SECTIONS) {
      const source = sections[section.name];
      const to = `${folder}/${section.files[0]}`;
      if (source === undefined || source.file === to) continue;
      renames.push([source.file, to]);
      const entry = CODE_FILES.find((each) => each.section === section.name);
      if (entry !== undefined) paths.push([['components', 'connection', id, 'codeFiles', entry.code], to]);
    }
    const values = `${folder}/common.local.json`;
    const text = files.read(commonFile);
    if (text !== undefined && commonFile !== values) {
      renames.push([commonFile, values]);
      writes.push({ file: values, text, secret: true });
      paths.push([['components', 'connection', id, 'codeFiles', 'common'], values]);
    }
    const descriptor = `${folder}/connection.json`;
    const before = files.read(descriptor) ?? '{}\n';
    writes.push({
      file: descriptor,
      text: edited(
        before,
        Object.entries({ type, label }).map(([key, value]) => [[key], value]),
      ),
    });
  }
  const before = files.read(MARKERS.native) ?? '{}\n';
  const facts: [(string | number)[], unknown][] = [
    [['layout'], undefined],
    [['name'], project.name || 'connector'],
    [['label'], project.label || project.name || 'connector'],
    ...Object.entries(project.origins).map(([name, origin]): [string[], unknown] => [['origins', name], origin]),
  ];
  writes.push({ file: MARKERS.make, text: edited(manifest.text, paths) });
  writes.push({ file: MARKERS.native, text: edited(before, facts) });
  const ignores = files.read('.gitignore') ?? '';
  const missing = IGNORED.filter((line) => !ignores.split(/\r?\n/).includes(line));
  if (missing.length > 0) {
    writes.push({
      file: '.gitignore',
      text: `${ignores.replace(/\n*$/, ignores === '' ? '' : '\n')}${missing.join('\n')}\n`,
    });
  }
  return { renames, writes };
}

/** What a native project keeps out of git. */
const IGNORED = ['.connector/', 'connections/*/common.local.json'];

function refused(message: string, hint: string): ConnectorError {
  return new ConnectorError('usage', { code: 'convert/layout', message, hint });
}
