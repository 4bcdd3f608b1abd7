import type { Declared } from '../analysis/declared.ts';
import { isOpen, namesIn } from '../analysis/fields.ts';
import { hasSpread } from '../analysis/keys.ts';
import { misspellingsOf } from '../analysis/misspellings.ts';
import { namesRead, type Request, readsOf, requestsOf, stepsOf } from '../analysis/requests.ts';
import { nearest, type Path, searchBudget } from '../diagnostics.ts';
import { isObject } from '../json.ts';
import { REFRESH_THAT_WORKS, STEPS_THAT_WORK } from './oauth.ts';
import type { Report, Rule } from './rule.ts';

/** Everything that any answer stores as `data`, and where; undefined when nobody can know it all. */
function storedAtAll(connection: Declared): ReadonlyMap<string, Path> | undefined {
  const names = new Map<string, Path>();
  for (const { value, path, response } of requestsOf(connection)) {
    const data = response?.data;
    if (data === undefined && !hasSpread(value)) continue;
    if (!isObject(data) || hasSpread(data)) return undefined;
    for (const name of Object.keys(data)) names.set(name, [...path, 'response', 'data', name]);
  }
  return names;
}

/** The variables that hold what is stored. */
const STORED = ['data', 'connection'];

function checkStored(connection: Declared, report: Report): void {
  const stored = storedAtAll(connection);
  if (stored === undefined) return;
  const fields = namesIn(connection, 'parameters');
  const known = [...stored.keys(), ...fields];
  // What the form asks for is stored as well, so that without the form nobody knows what else there is.
  const closed = Array.isArray(connection.sections.parameters) && !isOpen(connection, 'parameters');
  const budget = searchBudget();
  for (const root of STORED) {
    const expected = known.map((each) => `${root}.${each}`).join(', ');
    for (const { text, reference } of readsOf(connection, root)) {
      const name = reference.members[0];
      if (name === undefined || stored.has(name) || fields.has(name)) continue;
      if (misspellingsOf(connection).has('data', name)) continue;
      if (text.path.at(-1) === 'condition' && text.path[0] === 'refresh') continue;
      const meant = nearest(name, known, budget);
      if (meant === undefined && !closed) continue;
      const place = meant === undefined ? undefined : stored.get(meant);
      report({
        section: 'api',
        path: text.path,
        part: text.part,
        span: reference,
        message: `${root}.${name} is read, but no response stores it.`,
        hint:
          meant === undefined
            ? `Store it in response.data of an earlier request, or add a parameter ${JSON.stringify(name)}.`
            : `Did you mean ${root}.${meant}?`,
        found: `${root}.${name}`,
        ...(expected === '' ? {} : { expected }),
        ...(place === undefined
          ? {}
          : {
              related: {
                message: `Stored here as ${JSON.stringify(meant)}.`,
                section: 'api',
                path: place,
                part: 'key',
              },
            }),
      });
    }
  }
}

/** The names that the answers of these requests store. */
function namesOf(requests: readonly Request[]): Map<string, Path> {
  const names = new Map<string, Path>();
  for (const { path, response } of requests) {
    const data = response?.data;
    if (!isObject(data) || hasSpread(data)) continue;
    for (const name of Object.keys(data)) names.set(name, [...path, 'response', 'data', name]);
  }
  return names;
}

function checkStoredAlike(connection: Declared, report: Report): void {
  const later = namesOf(stepsOf(connection, 'refresh'));
  if (later.size === 0) return;
  const first = namesOf(stepsOf(connection, 'token'));
  const missing = [...first.keys()].filter((name) => !later.has(name));
  const budget = searchBudget();
  for (const [name, path] of later) {
    const meant = first.has(name) ? undefined : nearest(name, missing, budget);
    const place = meant === undefined ? undefined : first.get(meant);
    if (meant === undefined || place === undefined) continue;
    report({
      section: 'api',
      path,
      part: 'key',
      message: `refresh stores ${JSON.stringify(name)}, but token stores ${JSON.stringify(meant)}: the old value stays in use.`,
      hint: 'Write the same name in both.',
      found: JSON.stringify(name),
      expected: JSON.stringify(meant),
      related: { message: 'Stored by token as this.', section: 'api', path: place, part: 'key' },
    });
  }
}

/** Where a request sets `temp`. */
const TEMPS = [['temp'], ['response', 'temp']] as const;

function checkTempRead(connection: Declared, report: Report): void {
  const read = namesRead(connection, 'temp');
  if (read === undefined) return;
  const budget = searchBudget();
  for (const { path, value, response } of requestsOf(connection)) {
    for (const place of TEMPS) {
      const temp = place.length === 1 ? value.temp : response?.temp;
      for (const name of isObject(temp) ? Object.keys(temp) : []) {
        if (read.has(name) || name.includes('{{') || misspellingsOf(connection).meant('temp').has(name)) continue;
        const meant = nearest(name, read, budget);
        report({
          section: 'api',
          path: [...path, ...place, name],
          part: 'key',
          message: `Nothing reads temp.${name}, and temp is lost after connecting.`,
          hint:
            meant === undefined ? 'Remove it, or store it in response.data.' : `Did you mean ${JSON.stringify(meant)}?`,
          found: JSON.stringify(name),
        });
      }
    }
  }
}

const { authorize, token, info } = STEPS_THAT_WORK;
const refresh = REFRESH_THAT_WORKS;
const good = (): Declared => ({ type: 'oauth', sections: { api: { authorize, token, refresh, info } } });
const { accessToken, ...data } = token.response.data;

export const STORED_RULES = [
  {
    code: 'data/not-stored',
    severity: 'warning',
    title: 'data that is never stored',
    why: 'The variables connection and data contain what response.data stored, and the values of the form. Anything else is undefined, without an error.',
    remedy: 'Correct the name, or store the value in response.data of an earlier request.',
    check: checkStored,
    bad: () => ({
      type: 'oauth',
      sections: {
        api: { authorize, token, info: { ...info, headers: { authorization: 'Bearer {{connection.acessToken}}' } } },
      },
    }),
    good: () => ({ type: 'oauth', sections: { api: STEPS_THAT_WORK } }),
  },
  {
    code: 'data/stored-otherwise',
    severity: 'warning',
    title: 'a value that refresh stores under another name',
    why: 'The step refresh replaces what token stored. Under another name, the new value is stored beside the old one, and requests keep using the old one.',
    remedy: 'Use the same names in response.data of both steps.',
    check: checkStoredAlike,
    bad: () => ({
      type: 'oauth',
      sections: {
        api: {
          authorize,
          token,
          refresh: { ...refresh, response: { data: { ...data, acessToken: accessToken } } },
          info,
        },
      },
    }),
    good,
  },
  {
    code: 'data/unread-temp',
    severity: 'info',
    title: 'a temporary value that nothing reads',
    why: 'Values in temp exist during one run of connecting or refreshing, so a value that no expression reads has no use.',
    remedy: 'Remove it, correct its name, or store it in response.data.',
    check: checkTempRead,
    bad: () => ({
      type: 'other',
      sections: { api: { url: 'https://api.example.com/v1/me', response: { temp: { id: '{{body.id}}' } } } },
    }),
    good,
  },
] as const satisfies readonly Rule[];
