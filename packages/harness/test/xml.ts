import { DOMParser, type Element, type Node } from '@xmldom/xmldom';

/** An element, told by namespace and local name: what is left of XML when prefixes and indentation do not count. */
export interface Canonical {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly content: readonly (Canonical | string)[];
}

const XMLNS = 'http://www.w3.org/2000/xmlns/';

/** The document with its namespaces resolved, by a parser that nothing else here uses. Faults are thrown. */
export function canonical(text: string): Canonical {
  const onError = (level: string, message: string) => {
    if (level !== 'warning') throw new Error(`${level}: ${message}`);
  };
  const root = new DOMParser({ onError }).parseFromString(text.trim(), 'text/xml').documentElement;
  if (root === null) throw new Error('no element');
  return element(root);
}

function element(node: Element): Canonical {
  const attributes = Array.from(node.attributes).filter(({ namespaceURI }) => namespaceURI !== XMLNS);
  const children = Array.from(node.childNodes);
  const leaf = children.every(({ nodeType }) => nodeType !== 1);
  return {
    name: `{${node.namespaceURI ?? ''}}${node.localName}`,
    attributes: Object.fromEntries(attributes.map(({ name, value }) => [name, value])),
    content: leaf ? [node.textContent ?? ''] : children.filter(isElement).map(element),
  };
}

function isElement(node: Node): node is Element {
  return node.nodeType === 1;
}
