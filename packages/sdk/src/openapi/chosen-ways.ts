import { ConnectorError, nearest } from '../diagnostics.ts';
import { type Answers, connectionId, fitting, type Question } from './connection.ts';
import { type Way, wayNamed, wayTitle } from './ways.ts';

/** A way, and the id of its connection. */
export interface NamedWay {
  readonly id: string;
  readonly way: Way;
}

/** Each way with the id of its connection: what the document calls it, or main where there is only one. */
export function withIds(ways: readonly Way[]): readonly NamedWay[] {
  if (ways.length === 1) return ways.map((way) => ({ id: 'main', way }));
  const taken = new Set<string>();
  return ways.map((way) => {
    const keys = [...new Set(way.credentials.map(({ key }) => connectionId(key, 'main')))];
    const grants = way.credentials.flatMap((each) => (each.kind === 'oauth2' ? [connectionId(each.grant, '')] : []));
    const plain = fitting(keys.join('-and-'));
    const isShared = ways.filter((other) => sameKeys(other, way)).length > 1;
    const own = isShared && grants.length > 0 ? `${plain}-${grants.join('-')}` : plain;
    let id = own;
    for (let number = 2; taken.has(id); number++) id = `${own}-${number}`;
    taken.add(id);
    return { id, way };
  });
}

function sameKeys(one: Way, other: Way): boolean {
  return one.credentials.map(({ key }) => key).join('\n') === other.credentials.map(({ key }) => key).join('\n');
}

/** The ways with the wanted ids (default: all). @throws ConnectorError usage `openapi/answer` */
export function chosenWays(
  named: readonly NamedWay[],
  wanted: readonly string[] | undefined,
  questions: Question[],
): readonly NamedWay[] {
  if (wanted === undefined || wanted.length === 0) {
    if (named.length > 1) {
      questions.push({
        about: 'connections',
        message: `The document describes ${named.length} ways to connect. Which do you want?`,
        choices: named.map(({ id, way }) => ({ value: id, label: id, hint: wayTitle(way) })),
        example: named[0]?.id ?? '',
      });
    }
    return named;
  }
  const ids = named.map(({ id }) => id);
  const unknown = wanted.find((id) => !ids.includes(id));
  if (unknown !== undefined) {
    const meant = nearest(unknown, ids);
    throw new ConnectorError('usage', {
      code: 'openapi/answer',
      message: `The document describes no connection ${JSON.stringify(unknown)}.`,
      hint: meant === undefined ? `It describes ${ids.join(', ')}.` : `Did you mean ${JSON.stringify(meant)}?`,
      found: unknown,
    });
  }
  return named.filter(({ id }) => wanted.includes(id));
}

/** The way with the given prefix before its key, if the document does not specify one. */
export function withPrefix(way: Way, { prefix }: Answers): Way {
  if (prefix === undefined) return way;
  const word = prefix.trim();
  const before = word === '' || word === 'none' ? '' : `${word} `;
  const credentials = way.credentials.map((each) =>
    each.kind === 'key' && each.prefix === undefined ? { ...each, prefix: before } : each,
  );
  return { ...way, credentials };
}

/** The way named by the option `auth`. @throws ConnectorError usage `openapi/answer` */
export function namedWay(auth: string): Way {
  const way = wayNamed(auth);
  if (way !== undefined) return way;
  throw new ConnectorError('usage', {
    code: 'openapi/answer',
    message: `${JSON.stringify(auth)} is not a way to authorize requests.`,
    hint: 'Use bearer, basic, digest, or a location and a name: header:X-API-Key, query:api_key, cookie:session.',
    found: auth,
  });
}
