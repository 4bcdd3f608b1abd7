import type { Declared } from '../analysis/declared.ts';
import { lazy } from '../analysis/lazy.ts';
import { ofEachRequest, type Request } from '../analysis/requests.ts';
import type { Finding, Report, Rule } from './rule.ts';

/** Looks at a request alone, and reports what is wrong with it. */
type Look = (request: Request, report: Report) => void;

const LOOKS: Look[] = [];

/** The check of a rule that looks at each request alone: while a connection is edited, only those that changed are looked at. */
export function inEachRequest(look: Look): Rule['check'] {
  LOOKS.push(look);
  return (connection, report) => foundIn(connection).get(look)?.forEach(report);
}

const foundByRequest = ofEachRequest((request) => {
  const found: (readonly [Look, Finding])[] = [];
  for (const look of LOOKS) look(request, (finding) => found.push([look, finding]));
  return found;
});

/** What each look found, in the order of the requests. */
const foundIn = lazy((connection: Declared): ReadonlyMap<Look, readonly Finding[]> => {
  const all = new Map<Look, Finding[]>();
  for (const found of foundByRequest(connection).values()) {
    for (const [look, finding] of found) {
      const before = all.get(look);
      if (before === undefined) all.set(look, [finding]);
      else before.push(finding);
    }
  }
  return all;
});
