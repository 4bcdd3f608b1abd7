import type { Path } from '../diagnostics.ts';
import { isObject, type JSONObject, lookUp } from '../json.ts';
import { heldBy, type Located, type ResolvedSchema, resolveSchema } from './resolve.ts';
import { dialectNamed, OF_OTHER_DRAFTS, patternOf, VOCABULARY } from './vocabulary.ts';

/** Why a schema of an author's cannot be checked as it is written. */
export interface SchemaProblem {
  readonly code:
    | 'common/unresolved-reference'
    | 'common/unreadable-pattern'
    | 'common/unchecked-keyword'
    | 'common/repeated-id';
  readonly path: Path;
  readonly part?: 'key';
  readonly message: string;
  readonly hint: string;
  readonly found?: string;
}

/**
 * Returns the parts of a schema that would not be checked: references that cannot be followed, patterns that cannot be read, words of
 * other drafts. Of a schema without such problems every keyword is checked or an annotation.
 */
export function problemsOfSchema(root: unknown): SchemaProblem[] {
  const resolved = resolveSchema(root);
  const found: SchemaProblem[] = [];
  // Following references can find schemas that no keyword holds: they join the list.
  for (const each of resolved.schemas) {
    found.push(...referenceProblems(each, resolved), ...patternProblems(each), ...keywordProblems(each, resolved));
  }
  const repeated = resolved.repeated.map(({ path, first }): SchemaProblem => {
    const message = `Another schema in this file has this name already, at /${first.slice(0, -1).join('/')}.`;
    return { code: 'common/repeated-id', path, message, hint: 'Give each a unique name.' };
  });
  return [...found, ...loops(resolved), ...repeated];
}

const WITHIN = 'Refer to a schema in this file, such as "#/$defs/region", or write it out.';

function referenceProblems({ schema, path }: Located, resolved: ResolvedSchema): SchemaProblem[] {
  const isOld = resolved.dialect === 'draft-07';
  const keywords = (isOld ? ['$ref'] : ['$ref', '$dynamicRef']) as ('$ref' | '$dynamicRef')[];
  return keywords.flatMap((keyword): SchemaProblem[] => {
    const reference = schema[keyword];
    if (typeof reference !== 'string' || resolved.follow(schema, keyword) !== undefined) return [];
    const found = JSON.stringify(reference);
    const message = reference.startsWith('#')
      ? `The reference ${found} leads to no schema in this file.`
      : `The reference ${found} leads out of this file, and nothing is fetched.`;
    return [{ code: 'common/unresolved-reference', path: [...path, keyword], message, hint: WITHIN, found }];
  });
}

/** References that lead back to themselves without a step into the value: nothing could ever be checked. */
function loops(resolved: ResolvedSchema): SchemaProblem[] {
  const open = new Set<JSONObject>();
  const done = new Set<JSONObject>();
  const looping = new Set<JSONObject>();
  const visit = (schema: unknown): void => {
    if (!isObject(schema) || done.has(schema)) return;
    open.add(schema);
    const target = resolved.follow(schema)?.schema;
    const next = resolved.dialect === 'draft-07' && schema.$ref !== undefined ? [] : appliedInPlace(schema);
    for (const each of target === undefined ? next : [target, ...next]) {
      if (!isObject(each) || !open.has(each)) visit(each);
      else looping.add(each);
    }
    open.delete(schema);
    done.add(schema);
  };
  for (const { schema } of resolved.schemas) visit(schema);
  return resolved.schemas.flatMap(({ schema, path }): SchemaProblem[] => {
    if (!looping.has(schema)) return [];
    const message = 'The reference refers to itself without a step into the value, so it has no effect.';
    return [{ code: 'common/unresolved-reference', path, message, hint: WITHIN }];
  });
}

function appliedInPlace(schema: JSONObject): readonly unknown[] {
  return heldBy(schema, [], (keyword) => lookUp(VOCABULARY, keyword)?.inPlace === true).map((each) => each.schema);
}

function patternProblems({ schema, path }: Located): SchemaProblem[] {
  const { pattern, patternProperties } = schema;
  const own = typeof pattern === 'string' ? [{ text: pattern, path: [...path, 'pattern'] }] : [];
  const names = Object.keys(isObject(patternProperties) ? patternProperties : {}).map((text) => {
    return { text, path: [...path, 'patternProperties', text], part: 'key' as const };
  });
  return [...own, ...names].flatMap(({ text, ...place }): SchemaProblem[] =>
    patternOf(text) === undefined ? [{ code: 'common/unreadable-pattern', ...place, ...patternWords(text) }] : [],
  );
}

/** Returns the problem of a regular expression that cannot be read. */
export function patternWords(text: string): Pick<SchemaProblem, 'message' | 'hint' | 'found'> {
  const found = JSON.stringify(text);
  const reads = (flags: string) => {
    try {
      return new RegExp(text, flags) instanceof RegExp;
    } catch {
      return false;
    }
  };
  return {
    message: `${found} is not a valid regular expression.`,
    hint: reads('')
      ? 'Patterns have the flag u: remove unnecessary backslashes, and escape single brackets.'
      : 'Write it as ECMA-262 has it: flags such as (?i) are unknown, and brackets are closed.',
    found,
  };
}

function keywordProblems({ schema, path }: Located, { dialect }: ResolvedSchema): SchemaProblem[] {
  const problem = (keyword: string, message: string, hint: string): SchemaProblem => ({
    code: 'common/unchecked-keyword',
    path: [...path, keyword],
    part: 'key',
    message,
    hint,
    found: JSON.stringify(keyword),
  });
  const overridden = dialect === 'draft-07' && schema.$ref !== undefined;
  return Object.keys(schema).flatMap((keyword): SchemaProblem[] => {
    const known = lookUp(VOCABULARY, keyword);
    const other = lookUp(OF_OTHER_DRAFTS, keyword);
    const name = JSON.stringify(keyword);
    if (keyword === '$schema' && dialectNamed(schema.$schema) !== dialect) {
      const hint = 'Write "https://json-schema.org/draft/2020-12/schema", or leave it out.';
      return [problem(keyword, `Schemas in ${JSON.stringify(schema.$schema)} are not understood here.`, hint)];
    }
    if (known?.only !== undefined && known.only !== dialect) {
      return [problem(keyword, `${name} is not a keyword of ${dialect}, so it has no effect.`, DRAFT)];
    }
    if (overridden && keyword !== '$ref' && (known?.role === 'checked' || known?.role === 'beside')) {
      return [problem(keyword, `In draft-07, ${name} has no effect beside a "$ref".`, BESIDE)];
    }
    return known === undefined && other !== undefined
      ? [problem(keyword, `${name} is a keyword of another draft, so it has no effect.`, other)]
      : [];
  });
}

const DRAFT = 'Change "$schema" to the draft that has it, or remove it.';
const BESIDE = 'Write both under "allOf", or change "$schema" to draft 2020-12.';
