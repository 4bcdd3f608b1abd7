import { isObject, lookUp } from '../json.ts';
import type { SectionName } from '../sections/index.ts';
import type { ConnectionReading } from './connection-reading.ts';
import { describeFunctionNamed, describeKeyword, describePath } from './descriptions.ts';
import { expressionAt, nameAt } from './expression-point.ts';
import type { FileReading } from './file-reading.ts';
import type { JSONText, Stretch } from './json-text.ts';

/** A description of what stands at a place. */
export interface Description extends Stretch {
  readonly markdown: string;
}

/** Describes the name in an expression at an offset, or the scope; undefined where there is nothing to say. */
export function describeAt(
  { connections: [reading], section, text }: FileReading,
  offset: number,
): Description | undefined {
  if (reading === undefined || section === undefined) return undefined;
  const point = expressionAt(text, offset);
  const name = point && nameAt(point);
  if (point === undefined || name === undefined) return describeScope(reading, section, text, offset);
  const { token, path } = name;
  const scope = reading.scopeAt(section, point.place.path);
  const markdown =
    token.kind === 'function'
      ? describeFunctionNamed(token.text)
      : token.kind === 'keyword'
        ? describeKeyword(token.text)
        : path && scope && describePath(path, reading, scope);
  return markdown === undefined ? undefined : { markdown, ...point.stretch(token) };
}

/** Describes an item of `scope` by what users are told of it. */
function describeScope(
  { declared }: ConnectionReading,
  section: SectionName,
  text: JSONText,
  offset: number,
): Description | undefined {
  const place = text.stringAt(offset);
  const { scope, scopes } = declared.sections;
  if (place === undefined || place.part === 'key' || !isObject(scopes) || !SCOPES.includes(section)) return undefined;
  if (place.path.length !== 1 || !Array.isArray(scope)) return undefined;
  const words = lookUp(scopes, place.value);
  const { offset: start, end } = place;
  return typeof words === 'string' ? { markdown: words, offset: start, end } : undefined;
}

const SCOPES: readonly SectionName[] = ['scope'];
