import { lookUp } from '../../json.ts';
import { type EvaluationContext, IMLError, type IMLFunction } from '../function.ts';
import { textOf as asText } from '../values.ts';
import { type Collection, guardDepth, isCollection, isMissing, kindOf, put, textOf, withArticle } from './coercion.ts';
import { xml } from './libraries.ts';
import { ofText } from './text.ts';

/*
 * HTML, Markdown and XML. In a collection that stands for XML, an attribute is `@name`, the text of an element that has
 * more than text is `#`, elements that repeat are an array, and every value is text, as in xmlbuilder2's object format.
 */

/** Elements whose text nobody reads. */
const SILENT = /^(script|style)$/;

/** Leaves out tags and comments in one pass; a `<` that begins neither is text. */
function stripHTML(html: string): string {
  let text = '';
  let at = 0;
  while (at < html.length) {
    const open = html.indexOf('<', at);
    if (open < 0) break;
    text += html.slice(at, open);
    const comment = html.startsWith('<!--', open);
    const name = /^<\/?([a-z][a-z0-9]*)/i.exec(html.slice(open, open + 30))?.[1]?.toLowerCase();
    if (name === undefined && !comment && !/^<[!?/]/.test(html.slice(open, open + 2))) {
      text += '<';
      at = open + 1;
      continue;
    }
    const close = comment ? html.indexOf('-->', open + 4) : html.indexOf('>', open + 1);
    if (close < 0) {
      at = open;
      break;
    }
    at = close + (comment ? 3 : 1);
    if (name === 'br') text += '\n';
    if (name !== undefined && SILENT.test(name) && html[open + 1] !== '/') at = afterElement(html, at, name);
  }
  return text + html.slice(at);
}

function afterElement(html: string, from: number, name: string): number {
  const end = new RegExp(`</${name}\\s*>`, 'gi');
  end.lastIndex = from;
  return end.test(html) ? end.lastIndex : html.length;
}

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/** The five names that XML has and numbers; a document's own entities are left as they are written. */
export function decodeEntities(text: string): string {
  return text.replace(
    /&(?:(lt|gt|amp|quot|apos)|#(\d{1,7})|#x([\da-f]{1,6}));/gi,
    (all, name?: string, decimal?: string, hex?: string) => {
      if (name !== undefined) return lookUp(ENTITIES, name.toLowerCase()) ?? all;
      const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal);
      return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : all;
    },
  );
}

/** A node of the parser when it keeps their order: one property, the name, and `:@`, the attributes. */
type Node = Readonly<Record<string, unknown>>;

const TEXT_NODE = '#text';
const CDATA_NODE = '#cdata';
const ATTRIBUTES = ':@';

function parseXML(text: string, surroundings: EvaluationContext): unknown {
  const { XMLParser } = xml();
  const parser = new XMLParser({
    preserveOrder: true,
    ignoreAttributes: false,
    attributeNamePrefix: '',
    textNodeName: TEXT_NODE,
    cdataPropName: CDATA_NODE,
    parseTagValue: false,
    trimValues: false,
    ignoreDeclaration: true,
    ignorePiTags: true,
    // A document's own entities can grow without bounds, and read files elsewhere.
    processEntities: false,
  });
  surroundings.spend(text.length / 10);
  let nodes: readonly Node[];
  try {
    nodes = parser.parse(text, true);
  } catch (error) {
    throw new IMLError(`parseXML cannot read the text: ${(error as Error).message}.`, undefined, { cause: error });
  }
  const elements = nodes.filter((node) => nameOf(node) !== TEXT_NODE);
  if (elements.length === 0) throw new IMLError('parseXML cannot read the text: it holds no element.');
  return contentOf(elements, {}, surroundings, 0);
}

function nameOf(node: Node): string {
  return Object.keys(node).find((key) => key !== ATTRIBUTES) ?? '';
}

/** The content of an element: its text when it has nothing else, otherwise a collection. */
function contentOf(
  nodes: readonly Node[],
  attributes: Collection,
  surroundings: EvaluationContext,
  depth: number,
): unknown {
  guardDepth(depth);
  surroundings.spend(nodes.length);
  const content: Collection = {};
  let text = '';
  for (const [name, value] of Object.entries(attributes)) put(content, `@${name}`, decodeEntities(String(value)));
  for (const node of nodes) {
    const name = nameOf(node);
    const value = node[name];
    if (name === TEXT_NODE) {
      text += decodeEntities(String(value));
    } else if (name === CDATA_NODE) {
      for (const part of value as readonly Node[]) text += String(part[TEXT_NODE] ?? '');
    } else {
      const child = contentOf(
        value as readonly Node[],
        (node[ATTRIBUTES] as Collection) ?? {},
        surroundings,
        depth + 1,
      );
      const before = Object.hasOwn(content, name) ? content[name] : undefined;
      if (before === undefined) put(content, name, child);
      else if (Array.isArray(before)) before.push(child);
      else put(content, name, [before, child]);
    }
  }
  if (text.trim() === '') return content;
  if (Object.keys(content).length === 0) return text;
  put(content, '#', text);
  return content;
}

/** Names as XML has them; anything else could close the tag that it stands in. */
const XML_NAME = /^[\p{L}_:][\p{L}\p{N}._:·-]*$/u;

function escapeXML(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
}

function createXML(root: Collection, surroundings: EvaluationContext): string {
  const [name, ...others] = Object.keys(root);
  if (name === undefined || others.length > 0)
    throw new IMLError('createXML takes a collection with one key, the root element.');
  if (Array.isArray(root[name])) throw new IMLError('createXML takes one root element, not an array of them.');
  return `<?xml version="1.0"?>\n${elementOf(name, root[name], '', surroundings).trimEnd()}`;
}

function elementOf(name: string, value: unknown, indent: string, surroundings: EvaluationContext): string {
  guardDepth(indent.length / 2);
  surroundings.spend(1 + indent.length / 100);
  if (!XML_NAME.test(name)) throw new IMLError(`createXML cannot name an element ${name.slice(0, 50)}.`);
  if (Array.isArray(value)) return value.map((item) => elementOf(name, item, indent, surroundings)).join('');
  if (isMissing(value)) return '';
  if (!isCollection(value)) {
    const text = escapeXML(asText(value, surroundings));
    surroundings.spend(text.length / 100);
    return text === '' ? `${indent}<${name}/>\n` : `${indent}<${name}>${text}</${name}>\n`;
  }
  let attributes = '';
  let text = '';
  let children = '';
  for (const [key, child] of Object.entries(value)) {
    if (key === '#' || key === TEXT_NODE) {
      text += escapeXML(asText(child, surroundings));
    } else if (key.startsWith('@')) {
      if (!XML_NAME.test(key.slice(1))) throw new IMLError(`createXML cannot name an attribute ${key.slice(1, 50)}.`);
      if (!isMissing(child)) attributes += ` ${key.slice(1)}="${escapeXML(asText(child, surroundings))}"`;
    } else {
      children += elementOf(key, child, `${indent}  `, surroundings);
    }
  }
  if (text === '' && children === '') return `${indent}<${name}${attributes}/>\n`;
  const body = children === '' ? text : `${text}\n${children}${indent}`;
  return `${indent}<${name}${attributes}>${body}</${name}>\n`;
}

export const MARKUP: readonly IMLFunction[] = [
  ofText(
    'stripHTML',
    'Removes HTML tags, and scripts and styles with their content; <br> becomes a line break.',
    { template: "{{stripHTML('<b>Hello</b><br>you')}}", result: 'Hello\nyou' },
    stripHTML,
  ),
  ofText(
    'escapeHTML',
    'Writes &, < and > as HTML entities.',
    { template: "{{escapeHTML('<b>Hello</b>')}}", result: '&lt;b&gt;Hello&lt;/b&gt;' },
    (text) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;'),
  ),
  ofText(
    'escapeMarkdown',
    'Puts a backslash before every character that has a meaning in Markdown.',
    { template: "{{escapeMarkdown('*a* _b_')}}", result: '\\*a\\* \\_b\\_' },
    (text) => text.replace(/[\\`*_{}[\]()#+\-.!|~<>]/g, '\\$&'),
  ),
  {
    name: 'parseXML',
    parameters: [{ name: 'text', type: 'text' }],
    returns: 'collection',
    summary:
      'Reads XML into a collection: attributes as `@name`, text beside other content as `#`, all values as text.',
    example: {
      template: '{{parseXML(\'<user id="7"><name>Ada</name></user>\')}}',
      result: { user: { '@id': '7', name: 'Ada' } },
    },
    run: ([value], surroundings) =>
      isMissing(value) ? value : parseXML(textOf('parseXML', value, surroundings), surroundings),
  },
  {
    name: 'createXML',
    parameters: [{ name: 'collection', type: 'collection' }],
    returns: 'text',
    summary: 'Writes a collection with one key as XML, indented: `@name` becomes an attribute and `#` text.',
    example: {
      template: '{{createXML(data)}}',
      scope: { data: { user: { '@id': 7, name: 'Ada' } } },
      result: '<?xml version="1.0"?>\n<user id="7">\n  <name>Ada</name>\n</user>',
    },
    run: ([value], surroundings) => {
      if (isMissing(value)) return value;
      if (!isCollection(value)) throw new IMLError(`createXML takes a collection, not ${withArticle(kindOf(value))}.`);
      return createXML(value, surroundings);
    },
  },
];
