import { type Files, openProject, type Project, readSource, SECTIONS } from '@connectorkit/sdk';
import { updateFile, withValues } from '@connectorkit/sdk/project';

const FILE = '.vscode/settings.json';
/** Where the schemas are that come with the command, in a project that has it installed. */
const SCHEMAS = './node_modules/@connectorkit/cli/dist/schemas';

interface Association {
  readonly fileMatch: readonly string[];
  readonly url: string;
}

/**
 * Tells editors the schema of each file of the project, in `.vscode/settings.json`. What others wrote there stays.
 * @param only whether nothing is done in a project that has no such file
 */
export function writeEditorSettings(files: Files, { only = false } = {}): void {
  if (only && files.read(FILE) === undefined) return;
  const own = associations(openProject(files));
  updateFile(files, FILE, (before = '{}\n') => {
    const { value, problems } = readSource(FILE, before, { comments: true });
    // What cannot be read is somebody's who is in the middle of writing it.
    if (problems.length > 0) return before;
    const known = (value as { readonly 'json.schemas'?: unknown })['json.schemas'];
    const others = (Array.isArray(known) ? known : []).filter((each) => !isOwn(each));
    return withValues(before, [
      [['files.associations', '*.jsonc'], 'jsonc'],
      [['json.schemas'], [...own, ...others]],
    ]);
  });
}

function isOwn(association: unknown): boolean {
  const { url } = (association ?? {}) as Partial<Association>;
  return typeof url === 'string' && url.startsWith(`${SCHEMAS}/`);
}

/** Schema → the files that it is of. */
function associations({ connections, manifest }: Project): readonly Association[] {
  const found = new Map<string, string[]>();
  const add = (schema: string, file: string) => found.set(schema, [...(found.get(schema) ?? []), `/${file}`]);
  add('connector', manifest.file);
  for (const { descriptor, type, sections } of connections) {
    if (descriptor.file !== manifest.file) add('connection', descriptor.file);
    for (const section of SECTIONS) {
      const source = sections[section.name];
      if (source !== undefined) add(section.schemaFor(type, source.value), source.file);
    }
  }
  // Everywhere: tests come later, and nobody looks here again then.
  found.set('test', ['/connections/*/tests/*.test.jsonc']);
  return [...found].map(([schema, fileMatch]) => ({ fileMatch, url: `${SCHEMAS}/${schema}.schema.json` }));
}
