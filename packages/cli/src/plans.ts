import {
  type Change,
  type ComparedPart,
  type Comparison,
  differenceOf,
  type Plan,
  pathWords,
  type Write,
} from '@connectorkit/sdk/sync';

/** Values that are named one by one; of more, only the number is reported. */
const NAMED = 4;

/** A change of the platform once it is done, one line. */
export function doneWords(change: Change): string {
  const verb = change.action.startsWith('delete') ? 'deleted' : change.action.startsWith('create') ? 'created' : 'set';
  return `${verb} ${subject(change)}`;
}

/** A plan in lines: what would be done, and below each text how it changes. Values of `common` are never shown. */
export function planLines({ changes, writes, comparison }: Plan): string[] {
  return [
    ...writes.flatMap((write) => writeLines(write, comparison)),
    ...changes.flatMap((change) => changeLines(change, comparison)),
  ];
}

function changeLines(change: Change, { parts }: Comparison): string[] {
  const sign = change.action.startsWith('delete') ? '-' : change.action.startsWith('create') ? '+' : '~';
  const line = `${sign} ${subject(change)}`;
  if (change.action !== 'set') return [line];
  const part = parts.find(({ id, part: name }) => id === change.id && name === change.section);
  return part === undefined
    ? [line]
    : [`${line}${aside(part.remote, change.text)}`, ...indented(part.remote, change.text)];
}

function writeLines(write: Write, { parts }: Comparison): string[] {
  const { id, part, how } = write;
  const line = `< ${id} ${part}${how === 'merged' ? ', both sides merged' : ''}`;
  if (part === 'common') return [line];
  const before = parts.find((each) => each.id === id && each.part === part)?.local ?? '';
  if (part === 'label') return [`${line}: ${before} → ${write.text}`];
  return [`${line}${aside(before, write.text)}`, ...indented(before, write.text)];
}

/** Returns the changes on the platform since the last sync, with the former value where it is known. */
export function behindLines(part: ComparedPart): string[] {
  const { id, name, last, local, remote, verdict } = part;
  const was = verdict === 'theirs' ? local : last;
  const line = `! ${id} ${part.part}, of ${name}`;
  if (part.part === 'label') return [`${line}: ${was ?? local} → ${remote}`];
  const before = was ?? local;
  return [`${line}${aside(before, remote)}`, ...indented(before, remote)];
}

function aside(before: string, after: string): string {
  const { values } = differenceOf(before, after);
  if (values === undefined) return '';
  if (values.length === 0) return ': comments or format only';
  const named = values.slice(0, NAMED).map(({ path }) => pathWords(path));
  return `: ${named.join(', ')}${values.length > NAMED ? ` and ${values.length - NAMED} more` : ''}`;
}

function indented(before: string, after: string): string[] {
  return differenceOf(before, after).lines.map((line) => `    ${line}`);
}

function subject(change: Change): string {
  switch (change.action) {
    case 'create-app':
      return `app ${change.name}`;
    case 'create':
      return `connection ${change.id} (${change.connection.type})`;
    case 'rename':
      return `${change.id} label: ${change.before} → ${change.label}`;
    case 'set':
      return `${change.id} ${change.section}${change.why === 'cleared' ? ' to empty: it is not declared here' : ''}`;
    case 'set-common':
      return `${change.id} common (${Object.keys(change.values).join(', ')})`;
    case 'delete':
      return `connection ${change.id}, which is ${change.name} there`;
    case 'delete-app':
      return `app ${change.name}, with all that it holds`;
  }
}

/** A change for programs. */
export function changeData(change: Change): object {
  const { action } = change;
  if (action === 'create-app' || action === 'delete-app') return { action, name: change.name };
  if (action === 'set') return { action, connection: change.id, section: change.section, why: change.why };
  return { action, connection: change.id };
}
