import { lookUp } from '@connectorkit/sdk/emulator';

/**
 * Feeds and faults as XML: one table says of each property of the JSON what it is there. Sources: the page
 * "connectedapps" for the feed; the elements of `Endpoints` and `Actions`, of `totalResults` and of faults, which no
 * sample shows, are readings after their neighbours.
 */

const NAMESPACES = [
  'http://soa.com/xsd/business/1.0',
  'http://soa.com/xsd/user/1.0',
  'http://soa.com/xsd/rss/1.0',
  'http://soa.com/xsd/comment/1.0',
  'http://soa.com/xsd/board/1.0',
  'http://soa.com/xsd/dnmodel/1.0',
  'http://a9.com/-/spec/opensearch/1.1/',
  'http://soa.com/xsd/resource/1.0',
  'http://soa.com/xsd/legals/1.0',
  'http://soa.com/xsd/fault/1.0',
  'http://soa.com/xsd/api/1.0',
  'http://soa.com/xsd/deploymentzone/1.0',
  'http://soa.com/xsd/asset/1.0',
  'http://soa.com/xsd/ticket/1.0',
  'http://soa.com/xsd/app/1.0',
  'http://soa.com/xsd/review/1.0',
  'http://soa.com/xsd/alert/1.0',
  'http://soa.com/xsd/contract/1.0',
  'http://soa.com/xsd/discussion/1.0',
  'http://soa.com/xsd/search/1.0',
  'http://soa.com/xsd/workflow/1.0',
  'http://soa.com/xsd/client/services/1.0',
  'http://soa.com/xsd/oauth/1.0',
];
const DECLARATIONS = NAMESPACES.map((uri, index) => ` xmlns:ns${index + 2}="${uri}"`).join('');

/** XML form of a JSON property. A list is the same element several times. */
interface Shape {
  readonly element: string;
  /** Properties that are attributes, by their names. */
  readonly attributes?: readonly string[];
  /** The property that is the element's text; the value itself when there is neither this nor `children`. */
  readonly text?: string;
  readonly children?: { readonly [property: string]: Shape };
  /** For a property that may hold its list itself, or an object with it: what the elements of the list are. */
  readonly list?: Shape;
}

const plain = (element: string): Shape => ({ element });
const labelled = (element: string, attribute: string): Shape => ({ element, attributes: [attribute], text: 'value' });

const SHAPES: { readonly [root: string]: Shape } = {
  channel: {
    element: 'channel',
    children: {
      title: plain('title'),
      totalResults: plain('ns8:totalResults'),
      item: {
        element: 'item',
        children: {
          title: plain('title'),
          description: plain('description'),
          category: labelled('category', 'domain'),
          pubDate: plain('pubDate'),
          guid: { element: 'guid', text: 'value' },
          EntityReferences: {
            element: 'ns4:EntityReferences',
            children: {
              EntityReference: {
                element: 'ns4:EntityReference',
                children: {
                  Title: plain('Title'),
                  Guid: plain('Guid'),
                  Category: labelled('ns4:Category', 'domain'),
                },
              },
            },
          },
          Image: {
            element: 'ns4:Image',
            children: { Url: plain('Url'), Title: plain('Title'), Link: plain('Link') },
          },
          Endpoints: {
            element: 'ns4:Endpoints',
            list: { element: 'ns4:Endpoint', children: { Category: plain('Category'), Uri: plain('Uri') } },
          },
          Actions: { element: 'ns4:Actions', list: labelled('ns4:Action', 'label') },
        },
      },
    },
  },
  faultcode: plain('faultcode'),
  faultstring: plain('faultstring'),
};

type Properties = Readonly<Record<string, unknown>>;

/** A feed, or a fault, as a document of XML. */
export function toXML(value: unknown): string {
  const { version, ...rest } = value as Properties;
  const content = inside(rest, SHAPES);
  const root = version === undefined ? 'ns11:Fault' : 'rss';
  const attributes = version === undefined ? DECLARATIONS : `${DECLARATIONS} version="${escaped(version)}"`;
  return `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<${root}${attributes}>${content}</${root}>`;
}

/** In the table's order, which is that of the page, whatever the order of the properties. */
function inside(value: Properties, children: NonNullable<Shape['children']>): string {
  let content = '';
  for (const [property, shape] of Object.entries(children)) {
    const given = value[property];
    if (given === undefined) continue;
    if (shape.list !== undefined) content += wrapped(given, shape, shape.list);
    else for (const each of Array.isArray(given) ? given : [given]) content += element(each, shape);
  }
  return content;
}

function wrapped(given: unknown, { element: name }: Shape, each: Shape): string {
  const values = Array.isArray(given) ? given : Object.values(given as Properties).flat();
  return `<${name}>${values.map((value) => element(value, each)).join('')}</${name}>`;
}

function element(value: unknown, { element: name, attributes = [], text, children }: Shape): string {
  const properties = value as Properties;
  const written = attributes.map((attribute) => ` ${attribute}="${escaped(properties[attribute])}"`).join('');
  const content =
    children === undefined ? escaped(text === undefined ? value : properties[text]) : inside(properties, children);
  return `<${name}${written}>${content}</${name}>`;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
};

/** Lone halves of characters, and controls, which XML 1.0 cannot hold at all, become the replacement character. */
function escaped(value: unknown): string {
  return String(value).replace(
    /[&<>"\p{Cc}\p{Cs}\ufffe\uffff]/gu,
    (character) => lookUp(ESCAPES, character) ?? (/[\u007f-\u009f]/.test(character) ? character : '\ufffd'),
  );
}
