import type { Declared } from '../analysis/declared.ts';
import { namesRead, requestsOf } from '../analysis/requests.ts';
import { nearest, type Path, searchBudget } from '../diagnostics.ts';
import { isObject, valueAt } from '../json.ts';
import type { Report, Rule } from './rule.ts';

/** A scope that is asked for, and where. */
interface Use {
  readonly name: string;
  readonly section: 'scope' | 'api';
  readonly path: Path;
}

/** The items of `scope`, and what requests name by themselves. */
function usesOf(connection: Declared): Use[] {
  return [...declaredUses(connection), ...literalUses(connection)];
}

function declaredUses({ sections: { scope } }: Declared): Use[] {
  if (!Array.isArray(scope)) return [];
  return scope.flatMap((name, index) =>
    typeof name === 'string' && !name.includes('{{') ? [{ name, section: 'scope' as const, path: [index] }] : [],
  );
}

const SCOPE = ['scope'];

function literalUses(connection: Declared): Use[] {
  const uses: Use[] = [];
  for (const { path, value } of requestsOf(connection)) {
    for (const part of ['qs', 'body'] as const) {
      const text = valueAt(value[part], SCOPE);
      if (typeof text !== 'string' || text.includes('{{')) continue;
      const names = text.split(/[\s,+]+/).filter(Boolean);
      for (const name of names) uses.push({ name, section: 'api', path: [...path, part, 'scope'] });
    }
  }
  return uses;
}

/** Checks if `api` asks for the scopes that are declared and those that modules add; undefined when it may. */
function asksForScopes(connection: Declared): boolean {
  const names = namesRead(connection, 'oauth');
  return names === undefined || names.has('scope');
}

/** The scopes with a description; undefined when there is no list to compare with. */
function listOf({ sections: { scopes } }: Declared): readonly string[] | undefined {
  if (!isObject(scopes)) return undefined;
  const names = Object.keys(scopes);
  return names.length === 0 || names.some((name) => name.includes('{{')) ? undefined : names;
}

function checkListed(connection: Declared, report: Report): void {
  const list = listOf(connection);
  if (list === undefined) return;
  const listed = new Set(list);
  const budget = searchBudget();
  for (const { name, section, path } of usesOf(connection)) {
    if (listed.has(name) || /[\s,]/.test(name)) continue;
    const meant = nearest(name, list, budget);
    const found = JSON.stringify(name);
    const related = meant === undefined ? undefined : { message: 'Listed here.', path: [meant], part: 'key' as const };
    report({
      section,
      path,
      message: `The scope ${found} is requested, but scopes does not list it.`,
      hint: meant === undefined ? 'Add it and its description to scopes.' : `Did you mean ${JSON.stringify(meant)}?`,
      found,
      ...(meant === undefined ? {} : { expected: JSON.stringify(meant) }),
      ...(related === undefined ? {} : { related: { ...related, section: 'scopes' } }),
    });
  }
}

function checkAsked(connection: Declared, report: Report): void {
  const requests = requestsOf(connection);
  if (!requests.some(({ value }) => value.url !== undefined) || asksForScopes(connection)) return;
  const text = requests.map(({ value }) => JSON.stringify([value.url, value.qs, value.body, value.temp])).join(' ');
  const declared = { scope: declaredUses(connection).map(({ name }) => name), scopes: listOf(connection) ?? [] };
  for (const section of ['scope', 'scopes'] as const) {
    const unasked = declared[section].filter((name) => !text.includes(name));
    if (unasked.length === 0) continue;
    report({
      section,
      path: [],
      message: `No request sends ${shown(unasked)}: none of them uses oauth.scope.`,
      hint: 'Write "scope": "{{join(oauth.scope, \' \')}}" in authorize, or remove the unused scopes.',
      found: unasked.slice(0, 10).join(', '),
      expected: 'oauth.scope',
    });
  }
}

function shown([first = '', ...more]: readonly string[]): string {
  return `${JSON.stringify(first)}${more.length === 0 ? '' : ` and ${more.length} more`}`;
}

function checkItems({ sections: { scope } }: Declared, report: Report): void {
  if (!Array.isArray(scope)) return;
  const first = new Map<string, number>();
  for (const [index, name] of scope.entries()) {
    if (typeof name !== 'string' || name.includes('{{')) continue;
    const found = JSON.stringify(name);
    const parts = /[\s,]/.test(name) ? name.split(/[\s,]+/).filter(Boolean) : [name];
    const before = first.get(name);
    if (before === undefined) first.set(name, index);
    if (parts.length > 1) {
      report({
        section: 'scope',
        path: [index],
        message: `One item has ${parts.length} scopes.`,
        hint: `Write each as an item of its own: ${parts.map((part) => JSON.stringify(part)).join(', ')}.`,
        found,
      });
    } else if (before !== undefined) {
      report({
        section: 'scope',
        path: [index],
        message: `The scope ${found} is listed twice.`,
        hint: 'Remove one of the two.',
        found,
        related: { message: 'First here.', section: 'scope', path: [before] },
        fix: { title: 'Remove it', changes: [{ section: 'scope', path: [index], value: undefined }] },
      });
    }
  }
}

const url = 'https://auth.example.com/oauth/authorize';
const token = {
  url: 'https://auth.example.com/oauth/token',
  method: 'POST',
  type: 'urlencoded',
  body: { code: '{{temp.code}}' },
  response: { data: { accessToken: '{{body.access_token}}' } },
  log: { sanitize: ['request.body.code', 'response.body.access_token'] },
};
const info = {
  url: 'https://api.example.com/v1/me',
  headers: { authorization: 'Bearer {{connection.accessToken}}' },
  response: { metadata: { type: 'text', value: '{{body.name}}' } },
  log: { sanitize: ['request.headers.authorization'] },
};
const response = { temp: { code: '{{query.code}}' } };
const api = { authorize: { url, qs: { scope: "{{join(oauth.scope, ' ')}}" }, response }, token, info };
const scopes = { profile: 'See your name', 'orders:read': 'Read your orders' };
const good = (): Declared => ({ type: 'oauth', sections: { api, scope: ['profile'], scopes } });

export const SCOPE_RULES = [
  {
    code: 'scope/not-listed',
    severity: 'warning',
    title: 'a scope that is not listed in scopes',
    why: 'The list shows users what each scope allows. A scope that is requested but not listed is requested without an explanation, or is misspelt, and providers refuse unknown scopes.',
    remedy: 'Correct the name, or add the scope and its description to scopes.',
    check: checkListed,
    bad: () => ({ type: 'oauth', sections: { api, scope: ['profil'], scopes } }),
    good,
  },
  {
    code: 'scope/not-asked',
    severity: 'info',
    title: 'scopes that are never requested',
    why: 'The default scopes and those that modules need are in oauth.scope. A connection that does not use it never requests them.',
    remedy: "Send oauth.scope where the user signs in, as in {{join(oauth.scope, ' ')}}.",
    check: checkAsked,
    bad: () => ({ type: 'oauth', sections: { api: { ...api, authorize: { url, response } }, scope: ['profile'] } }),
    good,
  },
  {
    code: 'scope/items',
    severity: 'warning',
    title: 'an item that is not exactly one scope',
    why: 'Each item of scope must be one scope: the expression that sends the scopes adds the separator that the provider expects.',
    remedy: 'Write each scope as one item.',
    check: checkItems,
    bad: () => ({ type: 'oauth', sections: { api, scope: ['profile orders:read'] } }),
    good,
  },
] as const satisfies readonly Rule[];
