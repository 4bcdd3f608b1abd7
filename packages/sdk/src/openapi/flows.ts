import type { Path } from '../diagnostics.ts';
import { isObject, type JSONObject, lookUp } from '../json.ts';
import type { Grant } from './credentials.ts';
import { wordsIn } from './description.ts';
import { grantsOf } from './metadata.ts';

/** Base of the URLs of a document, and what else is known of its authorization server. */
export interface OAuthPlaces {
  /** A URL of an authorization server as it can be written into a section. */
  readonly absolute: (url: string, path: Path) => string;
  /** The discovery document that stands in for those that schemes name. */
  readonly discovery: unknown;
}

interface Told {
  readonly credentials: readonly object[];
  readonly refused: readonly string[];
}

/** The flow of OpenAPI → the grant, or why it is none. Version 2 has one flow a scheme, which the upgrade renames. */
const FLOWS: Readonly<Record<string, Grant | string>> = {
  authorizationCode: 'authorizationCode',
  clientCredentials: 'clientCredentials',
  password: 'password',
  implicit: 'in the implicit flow, the token stays in the browser. Ask the vendor for an authorization code flow',
  deviceAuthorization: 'connections do not support the device flow',
};
const GRANTS: readonly string[] = ['authorizationCode', 'clientCredentials', 'password'];

/** A credential for each flow of a scheme. */
export function flowsOf({ flows }: JSONObject, { absolute }: OAuthPlaces, path: Path): Told {
  const described = isObject(flows) ? Object.entries(flows).filter(([name]) => !name.startsWith('x-')) : [];
  if (described.length === 0) return { credentials: [], refused: ['it has no OAuth 2.0 flow'] };
  const credentials: object[] = [];
  const refused: string[] = [];
  for (const [name, flow] of described) {
    const grant = lookUp(FLOWS, name) ?? `the flow ${JSON.stringify(name)} does not exist`;
    if (!GRANTS.includes(grant) || !isObject(flow)) refused.push(grant);
    else credentials.push(flowOf(grant as Grant, flow, absolute, [...path, 'flows', name]));
  }
  // What a better flow of the same scheme makes up for is no loss.
  return { credentials, refused: credentials.length === 0 ? refused : [] };
}

function flowOf(grant: Grant, flow: JSONObject, absolute: OAuthPlaces['absolute'], path: Path): object {
  const urls = ['authorizationUrl', 'tokenUrl', 'refreshUrl'].flatMap((name) => {
    const url = wordsIn(flow[name]);
    return url === undefined ? [] : [[name, absolute(url, [...path, name])]];
  });
  return {
    kind: 'oauth2',
    grant,
    ...Object.fromEntries(urls),
    ...(flow.refreshUrl === undefined ? {} : { refresh: true }),
    scopes: scopesOf(flow.scopes),
  };
}

/** Scope → words; some vendors list scopes without any. */
function scopesOf(scopes: unknown): Record<string, string> {
  if (Array.isArray(scopes)) return Object.fromEntries(scopes.map((scope) => [String(scope), '']));
  return Object.fromEntries(
    Object.entries(isObject(scopes) ? scopes : {})
      .filter(([name]) => !name.startsWith('x-'))
      .map(([name, words]) => [name, wordsIn(words) ?? '']),
  );
}

/** The credentials of OpenID Connect, which are in the discovery document of the provider. */
export function openIdOf({ openIdConnectUrl }: JSONObject, { discovery }: OAuthPlaces): Told {
  if (isObject(discovery)) return { credentials: grantsOf(discovery), refused: [] };
  const at = wordsIn(openIdConnectUrl) ?? 'a URL that is missing';
  return {
    credentials: [],
    refused: [`it needs the discovery document at ${at}. Pass it with --discovery <file or url>`],
  };
}
