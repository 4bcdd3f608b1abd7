import type { ParseError } from 'jsonc-parser';
import type { OpenAPIV2, OpenAPIV3, OpenAPIV3_1 } from 'openapi-types';
import { ConnectorError, type Diagnostic, type Path } from '../diagnostics.ts';
import { isObject, type JSONObject, lookUp } from '../json.ts';
import type { TrapName } from '../traps.ts';

/** A parsed API description. Its top level is OpenAPI 3, whatever its version was; its paths are unchanged. */
export interface Description {
  /** The version in the document, such as `3.1.0`. */
  readonly version: string;
  /** The title of the API; empty if there is none. */
  readonly title: string;
  /** The document, with `servers` and `components` as in OpenAPI 3. */
  readonly root: JSONObject;
  /** The URL that it was read from, which relative URLs in it are resolved against; undefined for other sources. */
  readonly location: string | undefined;
  /** Deviations from the specification that did not stop the parsing. */
  readonly odd: readonly Diagnostic[];
}

/** The members of each version that the rest relies on; all of them may be missing or wrong in a vendor's document. */
type Root = Partial<OpenAPIV3.Document & OpenAPIV3_1.Document>;

/** Oddity of a description, with its place, and perhaps what to do and the trap that it is. */
export function oddity(
  message: string,
  path: Path,
  more: { readonly hint?: string; readonly trap?: TrapName } = {},
): Diagnostic {
  return { code: 'openapi/odd', severity: 'info', message, path, ...more };
}

/** A path into a document as people write it: `#/components/securitySchemes/key`. */
export function pointerOf(path: Path): string {
  return `#${path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')}`;
}

/**
 * Parses an API description: OpenAPI 2.0 to 3.2, JSON or YAML. Deviations from the specification are listed in `odd`.
 * @param location the URL that it was read from
 * @throws ConnectorError findings `openapi/unreadable` for a text that is not an API description
 */
export async function readDescription(text: string, location?: string): Promise<Description> {
  const odd: Diagnostic[] = [];
  const value = await readValue(text, odd);
  if (!isObject(value))
    throw unreadable('It is not an API description: the document is not an object.', seemsToBe(text));
  const { swagger, openapi, info } = value;
  const said = openapi ?? swagger;
  if (said === undefined)
    throw unreadable('It is not an API description: it has neither "openapi" nor "swagger".', other(value));
  if (typeof said !== 'string') {
    odd.push(
      oddity(`The version is the number ${said}, not a string.`, [openapi === undefined ? 'swagger' : 'openapi']),
    );
  }
  // YAML reads an unquoted 3.0 as a number, and gives 3 back.
  const version = typeof said === 'number' && Number.isInteger(said) ? `${said}.0` : String(said);
  if (!/^(2\.0|3\.\d)/.test(version)) {
    throw unreadable(`OpenAPI ${version} is not supported.`, 'Supported versions are 2.0, 3.0, 3.1 and 3.2.');
  }
  if (!/^(2\.0|3\.[0-2])/.test(version))
    odd.push(oddity(`OpenAPI ${version} is newer than the supported versions.`, ['openapi']));
  const title = isObject(info) && typeof info.title === 'string' ? info.title.trim() : '';
  if (title === '') odd.push(oddity('The API has no title.', ['info', 'title']));
  const root = version.startsWith('2') ? await upgraded(value, location, odd) : value;
  return { version, title, root, location, odd };
}

async function readValue(text: string, odd: Diagnostic[]): Promise<unknown> {
  const plain = text.startsWith('\ufeff') ? text.slice(1) : text;
  if (plain !== text) odd.push(oddity('The document begins with a byte order mark.', []));
  if (/^\s*</.test(plain)) throw unreadable('It is HTML or XML.', 'Pass the URL of the document itself.');
  const isJSON = /^\s*[{[]/.test(plain);
  if (isJSON) {
    try {
      return JSON.parse(plain);
    } catch {
      // Comments of JSON are keys to a reader of YAML, so that they are tried first.
      const { parse } = await import('jsonc-parser');
      const errors: ParseError[] = [];
      const value: unknown = parse(plain, errors, { allowTrailingComma: true });
      if (errors.length === 0) {
        odd.push(oddity('The document is not valid JSON: it has comments or trailing commas.', []));
        return value;
      }
    }
  }
  const value = await yamlValue(plain, odd);
  if (isJSON) odd.push(oddity('The document is not valid JSON. It was parsed as YAML.', []));
  return value;
}

/** The value of a YAML text; its library is loaded only here. */
async function yamlValue(text: string, odd: Diagnostic[]): Promise<unknown> {
  const { parseDocument } = await import('yaml');
  // Keys that merge others are no part of YAML 1.2, and vendors' documents have them.
  const document = parseDocument(text, { merge: true, uniqueKeys: false, prettyErrors: true, logLevel: 'silent' });
  const [error] = document.errors;
  if (error !== undefined) {
    const [first = ''] = error.message.split('\n');
    throw unreadable(`It is neither JSON nor YAML: ${first.replace(/:$/, '.')}`, seemsToBe(text));
  }
  for (const { message } of document.warnings) odd.push(oddity(message.split('\n')[0] ?? '', []));
  try {
    return document.toJS();
  } catch (error) {
    throw unreadable(
      `Its YAML aliases cannot be resolved: ${(error as Error).message}.`,
      'Replace each alias with its value.',
    );
  }
}

/**
 * A description of version 2.0 with the top of version 3. Only what says who may call, and where, is upgraded: the
 * paths of both versions are alike in what is read of them, and their schemas are found where they are.
 */
async function upgraded(value: JSONObject, location: string | undefined, odd: Diagnostic[]): Promise<JSONObject> {
  const { host, basePath, schemes, securityDefinitions } = value as Partial<OpenAPIV2.Document>;
  const { upgradeFromTwoToThree } = await import('@scalar/openapi-upgrader/2.0-to-3.0');
  const used = location === undefined ? undefined : new URL(location);
  const known = Array.isArray(schemes) ? schemes.filter((scheme) => typeof scheme === 'string') : [];
  if (known.length === 0) {
    const from =
      used === undefined
        ? 'https is assumed'
        : `${used.protocol.slice(0, -1)} is assumed, from the URL of the document`;
    odd.push(oddity(`The document has no "schemes": ${from}.`, ['schemes'], { trap: 'openapi-no-schemes' }));
  }
  // Several are the same API over http and over https, or a stream.
  const scheme = known.includes('https') ? 'https' : (known[0] ?? used?.protocol.slice(0, -1) ?? 'https');
  const head = {
    swagger: '2.0',
    ...(typeof host === 'string' ? { host } : used === undefined ? {} : { host: used.host }),
    ...(typeof basePath === 'string' ? { basePath } : {}),
    schemes: [scheme],
    securityDefinitions: isObject(securityDefinitions) ? plainSchemes(securityDefinitions) : {},
  };
  const { servers, components } = upgradeFromTwoToThree(head) as unknown as Root;
  return { ...value, ...(servers === undefined ? {} : { servers }), components };
}

/** The library relies on each scheme being an object. */
function plainSchemes(schemes: JSONObject): JSONObject {
  return Object.fromEntries(
    Object.entries(schemes)
      .filter(([, scheme]) => isObject(scheme))
      .map(copied),
  );
}

function copied([key, scheme]: [string, unknown]): [string, unknown] {
  return [key, structuredClone(scheme)];
}

/** Kind of a text that is no description, in a hint. */
function seemsToBe(text: string): string {
  if (/^\s*#%RAML/.test(text)) return 'It is RAML. Convert it to OpenAPI first.';
  if (/^\s*FORMAT:\s*1A/.test(text)) return 'It is API Blueprint. Convert it to OpenAPI first.';
  return 'Pass an OpenAPI document in JSON or YAML.';
}

/** Kind of an object that is no API description, in a hint. */
function other(value: JSONObject): string {
  if (value.asyncapi !== undefined) return 'It is AsyncAPI, which describes messages, not HTTP requests.';
  if (value.openrpc !== undefined) return 'It is OpenRPC, which describes remote procedures, not HTTP requests.';
  if (isObject(value.info) && value.info._postman_id !== undefined)
    return 'It is a Postman collection. Convert it to OpenAPI first.';
  if (value.issuer !== undefined || value.authorization_servers !== undefined) {
    return 'It is a discovery document. Pass it with --from-discovery.';
  }
  if (value.swaggerVersion !== undefined) return 'It is Swagger 1. Convert it to OpenAPI first.';
  return 'Pass an OpenAPI document in JSON or YAML.';
}

function unreadable(message: string, hint: string): ConnectorError {
  return new ConnectorError('findings', { code: 'openapi/unreadable', message, hint });
}

/** References that lead to references: nobody writes so many on purpose. */
const DEEPEST = 20;

/**
 * Value at a place of the description, through its references. Nothing else of it is resolved.
 * @returns undefined for a reference that leads nowhere, into another file, or in a circle
 */
export function resolved(root: JSONObject, value: unknown, depth = 0): JSONObject | undefined {
  if (!isObject(value)) return undefined;
  const { $ref } = value;
  if (typeof $ref !== 'string') return value;
  if (!$ref.startsWith('#/') || depth === DEEPEST) return undefined;
  let at: unknown = root;
  for (const part of $ref.slice(2).split('/')) {
    const step = unescaped(part);
    at = Array.isArray(at) ? at[Number(step)] : isObject(at) ? lookUp(at, step) : undefined;
  }
  return resolved(root, at, depth + 1);
}

/** A part of a JSON Pointer (RFC 6901) in the fragment of a URL. */
function unescaped(part: string): string {
  let plain = part;
  try {
    plain = decodeURIComponent(part);
  } catch {
    // A per cent sign of its own.
  }
  return plain.replaceAll('~1', '/').replaceAll('~0', '~');
}

/** A text with something in it; undefined for anything else. */
export function wordsIn(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}
