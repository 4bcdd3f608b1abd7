import type { Declared } from '../analysis/declared.ts';
import { readTemplate, sourcesOf } from '../analysis/expressions.ts';
import { ofEachRequest } from '../analysis/requests.ts';
import type { Path } from '../diagnostics.ts';
import type { Span } from '../iml/tree.ts';
import { remembered } from '../remembered.ts';
import type { Report, Rule } from './rule.ts';

/** A host in the address of a request, with a mark for each expression in it. */
interface Host extends Span {
  readonly name: string;
}

const ADDRESS = /^(\s*[a-z][a-z0-9+.-]*:\/\/(?:[^/?#@]*@)?)([^/?#:]*)/i;

/** Stands for what an expression gives. */
const MARK = '*';
/** An expression right behind a whole host, which gives the path. */
const PATH = /(?<=\.[a-z]+)\*+$/i;

function hostIn(text: string, offset: number): Host | undefined {
  const [, before = '', host = ''] = ADDRESS.exec(text) ?? [];
  const name = host.replace(PATH, '');
  return name === '' ? undefined : { name, offset: offset + before.length, end: offset + before.length + name.length };
}

/** The hosts that a URL can have: its own, or those that the expression chooses among with which it begins. */
const hostsIn = remembered((text): readonly Host[] => {
  const { parts } = readTemplate(text).template;
  // Marks are as long as what they stand for, so that places stay right.
  const marked = parts.map((part) => (part.kind === 'text' ? part.text : MARK.repeat(part.end - part.offset)));
  const own = hostIn(marked.join(''), 0);
  if (own !== undefined) return [own];
  const first = parts.find((part) => part.kind !== 'text' || part.text.trim() !== '');
  if (first?.kind !== 'expression') return [];
  return sourcesOf(first.expression).flatMap(({ kind, offset, end }) =>
    kind === 'string' ? (hostIn(text.slice(offset + 1, end - 1), offset + 1) ?? []) : [],
  );
});

/**
 * Hosts at which nobody is: the domains that RFC 2606 keeps for documentation, and what no host name can hold, as in
 * `<your-host>` and `{subdomain}`. The domain for tests is left out: a server may be there on purpose.
 */
const NOBODY = /(?:^|\.)(?:example\.(?:com|net|org)|example|invalid)\.?$|[<>{}…]/i;

/** The hosts of each request at which nobody is. */
const placeholdersOf = ofEachRequest(({ path, value }) => {
  const hosts = typeof value.url === 'string' ? hostsIn(value.url) : [];
  return hosts.flatMap(({ name, ...span }) => {
    return NOBODY.test(name) ? [{ shown: name.replace(/\*+/g, '…').toLowerCase(), path: [...path, 'url'], span }] : [];
  });
});

function checkHosts(connection: Declared, report: Report): void {
  const found = new Map<string, { readonly path: Path; readonly span: Span; count: number }>();
  for (const placeholders of placeholdersOf(connection).values()) {
    for (const { shown, path, span } of placeholders) {
      const before = found.get(shown);
      if (before === undefined) found.set(shown, { path, span, count: 1 });
      else before.count++;
    }
  }
  for (const [name, { path, span, count }] of found) {
    const host = JSON.stringify(name);
    const others = count === 1 ? '' : `, here and in ${count - 1} more ${count === 2 ? 'place' : 'places'}`;
    report({
      section: 'api',
      path,
      span,
      message: `The host ${host} is a placeholder${others}.`,
      hint: 'Write the host of your API.',
      found: host,
      expected: 'the host of an API',
    });
  }
}

const response = { metadata: { type: 'text', value: '{{body.name}}' } };

export const PLACEHOLDER_RULES = [
  {
    code: 'request/placeholder-host',
    severity: 'warning',
    title: 'a placeholder host',
    why: 'The domains example.com, example.net and example.org are reserved for documentation (RFC 2606). Templates use them, and a connection that still uses one cannot work. Publishing refuses it.',
    remedy: 'Write the host of your API.',
    check: checkHosts,
    bad: () => ({ type: 'other', sections: { api: { url: 'https://www.example.com/api/whoami', response } } }),
    good: () => ({ type: 'other', sections: { api: { url: 'https://api.acme.test/whoami', response } } }),
  },
] as const satisfies readonly Rule[];
