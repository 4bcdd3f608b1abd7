import type { Declared } from '../analysis/declared.ts';
import { type Reference, referenceOf, sourcesOf, type Text } from '../analysis/expressions.ts';
import { type Field, fieldsOf } from '../analysis/fields.ts';
import { requestsOf, textsUnder } from '../analysis/requests.ts';
import { type Kept, storedValuesIn } from '../analysis/stored-values.ts';
import { isObject } from '../json.ts';
import type { Report, Rule } from './rule.ts';

/** An expression that decides to which server a request goes, by a path that its result is made of. */
interface Use {
  readonly text: Text;
  readonly reference: Reference;
  /** True if nothing else stands before the path of the address. */
  readonly alone: boolean;
}

/** Where the host of an address and what belongs to it ends: at the path, the query or the fragment. */
function endOfHost({ template: { text, parts } }: Text): number {
  for (const part of parts) {
    if (part.kind !== 'text') continue;
    const from = /^[^/?#]*:\/\//.exec(part.text)?.[0].length ?? 0;
    const end = part.text.slice(from).search(/[/?#]/);
    if (end >= 0) return part.offset + from + end;
  }
  return text.length;
}

/** Checks if a host is one expression, with at most a scheme and a port beside it. */
function isAlone({ template: { text, parts } }: Text, end: number): boolean {
  const within = parts.filter(({ offset }) => offset < end);
  const literal = within.map((part) => (part.kind === 'text' ? text.slice(part.offset, Math.min(part.end, end)) : ''));
  const expressions = within.filter(({ kind }) => kind !== 'text');
  return expressions.length === 1 && /^\s*([a-z]+:\/\/)?(:\d+)?$/i.test(literal.join(''));
}

/** The paths that the host is made of, through what `temp` holds; `inside` says that all of the text is part of one. */
function usesIn(text: Text, kept: readonly Kept[], inside = false, depth = 0): readonly Use[] {
  const end = inside ? text.template.text.length : endOfHost(text);
  const alone = !inside && isAlone(text, end);
  const found: Use[] = [];
  for (const part of text.template.parts) {
    if (part.kind !== 'expression' || part.offset >= end) continue;
    // What is encoded holds nothing that could end a host.
    if (part.expression.kind === 'call' && part.expression.name === 'encodeURL') continue;
    for (const source of sourcesOf(part.expression)) {
      const reference = referenceOf(source);
      if (reference === undefined) continue;
      if (reference.root !== 'temp') found.push({ text, reference, alone });
      else if (depth < DEEPEST) {
        const begins = !inside && text.template.text.slice(0, part.offset).trim() === '';
        for (const each of kept) {
          if (each.root !== 'temp' || each.name !== reference.members[0]) continue;
          found.push(...usesIn(each.text, kept, !begins, depth + 1));
        }
      }
    }
  }
  return found;
}

/** How many values of `temp` are followed that are made of one another. */
const DEEPEST = 5;

/** Kinds of fields whose values cannot name a server. */
const HARMLESS = new Set<unknown>(['boolean', 'checkbox', 'date', 'integer', 'number', 'port', 'uinteger']);

/** Values that lead to another server, as a host and as a part of one. */
const LEADING_AWAY = { whole: ['a.b', 'https://a.b', 'https://a.b/'], part: ['a.b/', 'a.b?', 'a.b#', 'a@b/'] };

/** Checks if whoever edits the field can send the request to a server that its author did not think of. */
function leadsAway({ value }: Field, alone: boolean): boolean {
  const { type, options, mode, dynamic, validate } = value;
  if (HARMLESS.has(type)) return false;
  if (type === 'select' && mode !== 'edit' && dynamic !== true) {
    // Own options name servers of the author's; those that a call answers with name any.
    if (Array.isArray(isObject(options) ? options.store : options)) return false;
  }
  const allowed = isObject(validate) ? validate : {};
  if (Array.isArray(allowed.enum)) return false;
  if (typeof allowed.pattern !== 'string') return true;
  try {
    const pattern = new RegExp(allowed.pattern, 'u');
    return LEADING_AWAY[alone ? 'whole' : 'part'].some((each) => pattern.test(each));
  } catch {
    return true;
  }
}

/** The field whose value is read: what users fill in is stored as well, unless an answer replaces it. */
function fieldRead({ root, members }: Reference, fields: readonly Field[], stored: ReadonlySet<string>) {
  const [name = ''] = members;
  const filledIn = root === 'parameters' || ((root === 'data' || root === 'connection') && !stored.has(name));
  return filledIn ? fields.find((each) => each.name === name) : undefined;
}

function checkEditable(connection: Declared, report: Report): void {
  const fields = fieldsOf(connection, 'parameters').filter(({ value: { editable } }) =>
    isObject(editable) ? editable.enabled === true : editable === true,
  );
  if (fields.length === 0) return;
  const kept = storedValuesIn(connection);
  const stored = new Set(kept.filter(({ root }) => root === 'data').map(({ name }) => name));
  const seen = new Set<Field>();
  const uses = requestsOf(connection).flatMap((request) =>
    textsUnder(request, 'url').flatMap((text) => usesIn(text, kept)),
  );
  for (const { text, reference, alone } of uses) {
    const field = fieldRead(reference, fields, stored);
    if (field === undefined || seen.has(field) || !leadsAway(field, alone)) continue;
    seen.add(field);
    const path = [...field.path, 'editable'];
    const found = JSON.stringify(field.name);
    report({
      section: 'parameters',
      path,
      message: alone
        ? `The address ${found} receives credentials, and can be changed after connecting.`
        : `The value of ${found} is a part of the host that receives credentials, and can be changed after connecting.`,
      hint: alone
        ? 'Write false: anyone who may edit the connection could send its credentials to another server.'
        : 'Write false, or use a select field: with a value that ends in /, the host is another server.',
      found: 'editable',
      expected: 'false',
      related: { message: 'Sent there.', section: 'api', path: text.path, span: reference },
      fix: { title: 'Make it fixed', changes: [{ section: 'parameters', path, value: false }] },
    });
  }
}

const headers = { authorization: 'Bearer {{parameters.apiKey}}' };
const log = { sanitize: ['request.headers.authorization'] };
const apiKey = { name: 'apiKey', type: 'password', label: 'API key' };
const host = { name: 'host', type: 'url', label: 'Server' };

export const HOST_RULES = [
  {
    code: 'parameter/editable-host',
    severity: 'warning',
    title: 'a host that can be changed after connecting',
    why: 'Anyone who may edit the connection could redirect its stored credentials to a server of their own, even if only a part of the host is editable. Make refuses such connections in its review.',
    remedy:
      'Set editable to false for hosts and the values that they are built from; for another server, users create another connection. A select field is fine too.',
    check: checkEditable,
    bad: () => ({
      type: 'apikey',
      sections: {
        api: { url: '{{parameters.host}}/v1/me', headers, log },
        parameters: [apiKey, { ...host, editable: true }],
      },
    }),
    good: () => ({
      type: 'apikey',
      sections: {
        api: { url: '{{parameters.host}}/v1/me', headers, log },
        parameters: [apiKey, { ...host, editable: false }],
      },
    }),
  },
] as const satisfies readonly Rule[];
