import { updateAuthored } from '../convert.ts';
import { hashOf } from '../hash.ts';
import type { RemoteConnection } from '../platforms/platform.ts';
import type { Base, ConnectionChange, Project } from '../project/project.ts';
import type { Section } from '../sections/section.ts';
import { TEXT_SECTIONS } from './local.ts';
import { keepingComments } from './merge.ts';
import type { Plan, Write } from './plan.ts';
import type { StoredConnection } from './remote.ts';
import { createTypeOf, declaredTexts } from './stored-connection.ts';

/**
 * Writes into the project's files what a plan brings here: comments and format are kept where the content is equal.
 * @throws ConnectorError conflict `project/changed` when a file is no longer what the plan was made from
 */
export function writeLocal(project: Project, { writes, comparison }: Pick<Plan, 'writes' | 'comparison'>): void {
  const ids = [...new Set(writes.map((write) => write.id))];
  const changes = ids.map((id) => {
    const own = writes.filter((write) => write.id === id);
    return [id, changeOf(project, id, own, comparison.remote.connections.get(id))] as const;
  });
  project.write(Object.fromEntries(changes));
}

function changeOf(
  project: Project,
  id: string,
  writes: readonly Write[],
  stored: StoredConnection | undefined,
): ConnectionChange {
  const connection = project.connections.find((each) => each.id === id);
  const texts: Record<string, string> = {};
  let label: string | undefined;
  for (const write of writes) {
    if (write.part === 'common') continue;
    if (write.part === 'label') {
      label = write.text;
      continue;
    }
    const section: Section | undefined = TEXT_SECTIONS.find(({ name }) => name === write.part);
    const source = connection?.sections[write.part];
    if (section === undefined) continue;
    if (source === undefined) texts[write.part] = write.text;
    else if (section.authoring?.applies(source.value) === true) {
      texts[write.part] = updateAuthored(section, source.text, write.text);
    } else texts[write.part] = write.how === 'merged' ? write.text : keepingComments(source.text, write.text);
  }
  const type = connection === undefined && stored !== undefined ? { type: createTypeOf(stored) } : {};
  return { ...type, ...(label === undefined ? {} : { label }), texts };
}

/**
 * Adds a connection to the project's files for one that only the platform had. Sections that declare nothing are left out.
 * @returns its id, which is made from its label and is in use by no other, and what is equal on both sides now
 */
export function addLocal(
  project: Project,
  stored: StoredConnection,
  taken: Iterable<string>,
): { readonly id: string; readonly base: Base[string] } {
  const id = idFor(stored, new Set([...taken].map((each) => each.toLowerCase())));
  const texts = declaredTexts(stored);
  project.write({ [id]: { type: createTypeOf(stored), label: stored.label, texts } });
  const parts = Object.entries({ ...texts, label: stored.label }).map(([part, text]) => [part, hashOf(text)]);
  return { id, base: Object.fromEntries(parts) };
}

/** Names that Windows keeps for devices. */
const DEVICES = /^(con|prn|aux|nul|com\d|lpt\d)$/;

function idFor({ label, name }: RemoteConnection, taken: ReadonlySet<string>): string {
  const plain = [label, name]
    .map((words) =>
      words
        .normalize('NFKD')
        .toLowerCase()
        .replace(/\p{Mark}/gu, '')
        .replace(/[^0-9a-z]+/g, '-')
        .replace(/^[^a-z]+|-+$/g, '')
        .slice(0, 48)
        .replace(/-+$/, ''),
    )
    .find((words) => words !== '' && !DEVICES.test(words));
  const stem = plain ?? 'connection';
  for (let number = 1; ; number++) {
    const id = number === 1 ? stem : `${stem}-${number}`;
    if (!taken.has(id)) return id;
  }
}
