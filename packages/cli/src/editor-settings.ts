import { type Files, type JSONSchema, openProject, type Project, readSource, SECTIONS } from '@connectorkit/sdk';
import { PROJECT_SCHEMAS, updateFile, withValues } from '@connectorkit/sdk/project';

const FILE = '.vscode/settings.json';
/** The folder of copies of the schemas, which work before anything is installed. */
const SCHEMAS = '.vscode/schemas';
/** How the addresses of our schemas begin: of the copies, and of those that come with an installed command. */
const OWN = [`./${SCHEMAS}/`, './node_modules/@connectorkit/cli/dist/schemas/'];

interface Association {
  readonly fileMatch: readonly string[];
  readonly url: string;
}

/**
 * Tells editors the schema of each file of the project, in `.vscode/settings.json`, and copies the schemas beside it.
 * Other settings there stay.
 * @param only whether nothing is done in a project that has no such file
 */
export function writeEditorSettings(files: Files, { only = false } = {}): void {
  if (only && files.read(FILE) === undefined) return;
  const found = associations(openProject(files));
  const own = [...found].map(([name, { fileMatch }]) => ({ fileMatch, url: `./${fileOf(name)}` }));
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
  for (const [name, { schema }] of found) updateFile(files, fileOf(name), () => textOf(schema));
}

const fileOf = (schema: string) => `${SCHEMAS}/${schema}.schema.json`;
const textOf = (schema: JSONSchema) => `${JSON.stringify(schema, undefined, 2)}\n`;

function isOwn(association: unknown): boolean {
  const { url } = (association ?? {}) as Partial<Association>;
  return typeof url === 'string' && OWN.some((each) => url.startsWith(each));
}

interface Used {
  readonly schema: JSONSchema;
  readonly fileMatch: string[];
}

/** The schemas that the project uses by name, each with the files that it is of. */
function associations({ connections, manifest }: Project): ReadonlyMap<string, Used> {
  const found = new Map<string, Used>();
  const add = (name: string, schema: JSONSchema | undefined, file: string) => {
    if (schema === undefined) return;
    const used = found.get(name) ?? { schema, fileMatch: [] };
    used.fileMatch.push(`/${file}`);
    found.set(name, used);
  };
  add('connector', PROJECT_SCHEMAS.connector, manifest.file);
  for (const { descriptor, type, sections } of connections) {
    if (descriptor.file !== manifest.file) add('connection', PROJECT_SCHEMAS.connection, descriptor.file);
    for (const section of SECTIONS) {
      const source = sections[section.name];
      if (source === undefined) continue;
      const name = section.schemaFor(type, source.value);
      add(name, section.schemas[name], source.file);
    }
  }
  // Everywhere: tests come later, and nobody looks here again then.
  add('test', PROJECT_SCHEMAS.test, 'connections/*/tests/*.test.jsonc');
  return found;
}
