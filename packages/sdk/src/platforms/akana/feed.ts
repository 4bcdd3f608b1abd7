import { xml } from '../../iml/functions/libraries.ts';
import { decodeEntities } from '../../iml/functions/markup.ts';

/**
 * Akana's feeds, as far as contracts and what is around them need. Servers differ in how they write one: a list of one
 * may be the thing itself, `Endpoints` and `Actions` may be lists or hold one, and XML has it all in namespaces.
 */
export interface Feed {
  readonly channel: { readonly title: string; readonly totalResults?: number; readonly item: readonly FeedItem[] };
  readonly version: string;
}

/** One item of a feed, such as a contract: its id, what it is by domain, and what it speaks of. */
export interface FeedItem {
  readonly title: string;
  readonly description?: string;
  readonly pubDate?: string;
  readonly category: readonly Category[];
  readonly guid: { readonly value: string };
  readonly EntityReferences?: { readonly EntityReference: readonly EntityReference[] };
  readonly Image?: readonly { readonly Url: string; readonly Title: string; readonly Link: string }[];
  readonly Endpoints?: readonly { readonly Category: string; readonly Uri: string }[];
  readonly Actions?: readonly { readonly value: string; readonly label: string }[];
}

interface Category {
  readonly value: string;
  readonly domain: string;
}

interface EntityReference {
  readonly Title?: string;
  readonly Guid: string;
  readonly Category: readonly Category[];
}

type Loose = Readonly<Record<string, unknown>>;

/** One of several, several, or none. */
function many(value: unknown): readonly Loose[] {
  if (value === undefined || value === null || value === '') return [];
  return (Array.isArray(value) ? value : [value]) as Loose[];
}

/** An answer of JSON as it would be if every server wrote lists as lists; what is no feed stays as it is. */
export function normalized(value: unknown): unknown {
  const { channel, version } = (value ?? {}) as { channel?: Loose; version?: unknown };
  if (typeof channel !== 'object' || channel === null) return value;
  return { channel: { ...channel, item: many(channel.item).map(normalItem) }, version: String(version ?? '1.0') };
}

function normalItem(item: Loose): Loose {
  const { EntityReferences: entities, Endpoints: endpoints, Actions: actions } = item;
  const guid = typeof item.guid === 'string' ? { value: item.guid } : item.guid;
  const references = many((entities as Loose | undefined)?.EntityReference ?? entities);
  return {
    ...item,
    category: many(item.category),
    guid,
    ...(entities === undefined
      ? {}
      : {
          EntityReferences: { EntityReference: references.map((each) => ({ ...each, Category: many(each.Category) })) },
        }),
    ...(item.Image === undefined ? {} : { Image: many(item.Image) }),
    ...(endpoints === undefined ? {} : { Endpoints: many((endpoints as Loose).Endpoint ?? endpoints) }),
    ...(actions === undefined ? {} : { Actions: many((actions as Loose).Action ?? actions) }),
  };
}

const RSS = 'http://soa.com/xsd/rss/1.0';
const NONE = '';

/** An element of XML, with the namespaces that its prefixes stood for. */
interface Element {
  readonly name: string;
  readonly namespace: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly Element[];
  readonly text: string;
}

/**
 * The feed that a text of XML is.
 * @throws Error when it is none: not well-formed, with a document type, or another root.
 */
export function feedFromXML(text: string): Feed {
  const root = parsed(text);
  const channel = child(root, 'channel');
  if (root.name !== 'rss' || root.namespace !== NONE || channel === undefined) throw new Error('the text is no feed');
  const total = child(channel, 'totalResults', 'http://a9.com/-/spec/opensearch/1.1/');
  return {
    channel: {
      title: textOf(channel, 'title'),
      ...(total === undefined ? {} : { totalResults: Number(total.text) }),
      item: all(channel, 'item').map(itemFrom),
    },
    version: root.attributes.version ?? '1.0',
  };
}

/** Returns the message of a fault in XML. */
export function faultFromXML(text: string): string | undefined {
  return parsed(text).children.find(({ name }) => name === 'faultstring')?.text;
}

function itemFrom(item: Element): FeedItem {
  const optional = (name: 'description' | 'pubDate') => {
    const found = child(item, name);
    return found === undefined ? {} : { [name]: found.text };
  };
  const references = child(item, 'EntityReferences', RSS);
  const images = all(item, 'Image', RSS);
  const endpoints = child(item, 'Endpoints', RSS);
  const actions = child(item, 'Actions', RSS);
  return {
    title: textOf(item, 'title'),
    ...optional('description'),
    ...optional('pubDate'),
    category: all(item, 'category').map(categoryFrom),
    guid: { value: textOf(item, 'guid') },
    ...(references && {
      EntityReferences: { EntityReference: all(references, 'EntityReference', RSS).map(referenceFrom) },
    }),
    ...(images.length > 0 && {
      Image: images.map((each) => ({
        Url: textOf(each, 'Url'),
        Title: textOf(each, 'Title'),
        Link: textOf(each, 'Link'),
      })),
    }),
    ...(endpoints && {
      Endpoints: all(endpoints, 'Endpoint', RSS).map((each) => ({
        Category: textOf(each, 'Category'),
        Uri: textOf(each, 'Uri'),
      })),
    }),
    ...(actions && {
      Actions: all(actions, 'Action', RSS).map(({ text, attributes }) => ({
        value: text,
        label: attributes.label ?? '',
      })),
    }),
  };
}

function categoryFrom({ text, attributes }: Element): Category {
  return { value: text, domain: attributes.domain ?? '' };
}

function referenceFrom(reference: Element): EntityReference {
  const title = child(reference, 'Title');
  return {
    ...(title === undefined ? {} : { Title: title.text }),
    Guid: textOf(reference, 'Guid'),
    Category: all(reference, 'Category', RSS).map(categoryFrom),
  };
}

function all(parent: Element, name: string, namespace = NONE): Element[] {
  return parent.children.filter((each) => each.name === name && each.namespace === namespace);
}

function child(parent: Element, name: string, namespace = NONE): Element | undefined {
  return all(parent, name, namespace)[0];
}

function textOf(parent: Element, name: string): string {
  return child(parent, name)?.text ?? '';
}

const TEXT = '#text';
const CDATA = '#cdata';
const ATTRIBUTES = ':@';

/** A node of the parser when it keeps their order: one property, the name, and `:@`, the attributes. */
type Node = Readonly<Record<string, unknown>>;

function parsed(text: string): Element {
  if (/<!DOCTYPE/i.test(text)) throw new Error('a document type is not read');
  const { XMLParser } = xml();
  const parser = new XMLParser({
    preserveOrder: true,
    ignoreAttributes: false,
    attributeNamePrefix: '',
    textNodeName: TEXT,
    cdataPropName: CDATA,
    processEntities: false,
    parseTagValue: false,
    parseAttributeValue: false,
    trimValues: false,
    ignoreDeclaration: true,
    ignorePiTags: true,
  });
  const nodes = parser.parse(text, true) as Node[];
  const root = nodes.find(isElement);
  if (root === undefined) throw new Error('the text holds no element');
  return elementOf(root, new Map([['', NONE]]));
}

function elementOf(node: Node, outer: ReadonlyMap<string, string>): Element {
  const tag = Object.keys(node).find((key) => key !== ATTRIBUTES) ?? '';
  const written = Object.entries((node[ATTRIBUTES] ?? {}) as Record<string, string>);
  const attributes = Object.fromEntries(written.map(([name, value]) => [name, decodeEntities(value)]));
  const scope = new Map(outer);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === 'xmlns') scope.set('', value);
    else if (name.startsWith('xmlns:')) scope.set(name.slice(6), value);
  }
  const [local = '', prefix = ''] = tag.split(':').reverse();
  const inner = node[tag] as Node[];
  return {
    name: local,
    namespace: scope.get(prefix) ?? prefix,
    attributes,
    children: inner.filter(isElement).map((each) => elementOf(each, scope)),
    text: inner.map(textIn).join(''),
  };
}

function isElement(node: Node): boolean {
  return !Object.hasOwn(node, TEXT) && !Object.hasOwn(node, CDATA);
}

/** In CDATA nothing stands for anything else. */
function textIn(node: Node): string {
  const [raw] = (node[CDATA] ?? []) as Node[];
  return raw === undefined ? decodeEntities(String(node[TEXT] ?? '')) : String(raw[TEXT] ?? '');
}
