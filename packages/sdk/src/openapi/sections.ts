import { printWithComments } from '../comments.ts';
import { isObject } from '../json.ts';
import type { CreateType } from '../sections/create-types.ts';
import type { SectionName } from '../sections/index.ts';
import { type Described, type FormField, type Mark, shortened } from './connection.ts';
import type { Credential, OAuth2 } from './credentials.ts';
import { type Drafted, GRANTS, type Note } from './steps.ts';

/** A connection before its sections are texts. */
export interface Draft {
  readonly id: string;
  readonly type: CreateType;
  readonly label: string;
  readonly summary: string;
  readonly api: Drafted;
  /** Places in `api`. */
  readonly marks: readonly Mark[];
  readonly form: readonly FormField[];
  readonly oauth: (OAuth2 & Partial<Credential>) | undefined;
  readonly scopes: readonly string[];
  /** The scopes that were left out for others, because the vendor calls them deprecated. */
  readonly deprecated?: readonly string[];
}

/** The texts of a connection's sections, with a comment at each mark. */
export function written({
  id,
  type,
  label,
  summary,
  api,
  marks,
  form,
  oauth,
  scopes,
  deprecated = [],
}: Draft): Described {
  // A public client (RFC 6749, section 2.1) has no secret, so that nobody is asked for one.
  const isPublic = oauth !== undefined && !JSON.stringify(api.value).includes('.clientSecret');
  const asked = isPublic ? form.filter(({ name }) => name !== 'clientSecret') : form;
  const texts: Partial<Record<SectionName, string>> = {
    api: commented(api.value, [...api.notes, ...marks.map(noteOf)]),
    parameters: commented(asked, []),
  };
  const all = [...marks];
  if (oauth !== undefined) {
    texts.scope = commented(scopes, [[[], 'Requested by every connection. Modules can request more.']]);
    texts.scopes = commented(describedScopes(oauth.scopes, scopes), []);
    if (GRANTS[oauth.grant].isShared) texts.common = clientSchema(isPublic);
    if (deprecated.length > 0) all.push(leftOut(deprecated));
    if (scopes.length === 0 && Object.keys(oauth.scopes).length > 0) {
      const path: Mark['path'] = [];
      const message = 'The document does not say which scopes the connector needs. None is requested.';
      all.push({ section: 'scope', path, severity: 'info', message, hint: 'Add the scopes that your modules need.' });
    }
  }
  return { id, type, label, summary, texts, marks: all };
}

function leftOut(deprecated: readonly string[]): Mark {
  return {
    ...{ section: 'scope', path: [], severity: 'info', trap: 'openapi-deprecated-scope' },
    message: `The document calls ${deprecated.join(', ')} deprecated: the scope is not requested.`,
    hint: 'Request it if the vendor’s documentation requires it.',
  };
}

function noteOf({ path, severity, message }: Mark): Note {
  return [path, severity === 'warning' ? `Unanswered: ${message}` : message];
}

function describedScopes(scopes: OAuth2['scopes'], asked: readonly string[]): Record<string, string> {
  const named = Object.fromEntries(asked.map((scope) => [scope, '']));
  return Object.fromEntries(
    Object.entries({ ...named, ...scopes }).map(([scope, words]) => [scope, shortened(words) || scope]),
  );
}

/** The client that is registered with the provider. */
function clientSchema(isPublic: boolean): string {
  const secret = isPublic ? {} : { clientSecret: { type: 'string', writeOnly: true } };
  const properties = { clientId: { type: 'string' }, ...secret };
  const schema = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    description:
      'The client that is registered with the provider. Its values are in common.local.json, which git ignores.',
    type: 'object',
    properties,
    required: Object.keys(properties),
    additionalProperties: false,
  };
  return `${JSON.stringify(schema, undefined, 2)}\n`;
}

function commented(value: unknown, notes: readonly Note[]): string {
  const comments = notes.map(([path, text], offset) => ({
    text: `// ${text.replace(/\s+/g, ' ')}`,
    offset,
    path: presentPath(value, path),
    where: 'before' as const,
    apart: false,
  }));
  return printWithComments(value, comments);
}

/** The nearest place that is there. */
function presentPath(value: unknown, path: Note[0]): Note[0] {
  let at: unknown = value;
  for (const [index, stepName] of path.entries()) {
    at = Array.isArray(at) ? at[Number(stepName)] : isObject(at) ? at[String(stepName)] : undefined;
    if (at === undefined) return path.slice(0, index);
  }
  return path;
}
