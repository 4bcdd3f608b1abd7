import { ConnectorError, type Path } from '../diagnostics.ts';
import { isObject, valueAt } from '../json.ts';
import { type Settings, withValues } from '../json-edits/index.ts';
import { CREATE_TYPES } from '../sections/create-types.ts';
import { SECTIONS } from '../sections/index.ts';
import { readSource } from '../source.ts';
import { API, CODE_FILES, codeFileName } from './code-files.ts';
import { type Connection, type Entered, MARKERS, type Origin, type Project } from './project.ts';

/** Brings a project into Make's layout. */
export function intoMake(project: Project): Entered {
  const renames: [string, string][] = [];
  const settings: (readonly [Path, unknown])[] = [];
  const before = project.files.read(MARKERS.make);
  const known = before === undefined ? undefined : readSource('', before, { comments: false }).value;
  for (const connection of project.connections) {
    const codeFiles: Record<string, string | null> = { common: null };
    for (const entry of CODE_FILES) {
      const source = connection.sections[entry.section];
      if (connection.unmanaged.includes(entry.section)) codeFiles[entry.code] = null;
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
  return {
    renames,
    writes: [{ file: MARKERS.make, text: withValues(before ?? BLANK, settings), over: before ?? null }],
    origins: moved.map(([name]) => name),
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
  throw new ConnectorError('usage', {
    code: 'convert/layout',
    message: `${source?.file} is written as a JSON Schema, which Make’s own tools cannot push.`,
    hint: `Rewrite it first: \`connector convert ${id} --to array\`.`,
  });
}
