import type { OpenAPIV3_1 } from 'openapi-types';

/** Conventions of Akana's API: session, media types, faults, feeds. */

type Schema = OpenAPIV3_1.SchemaObject | OpenAPIV3_1.ReferenceObject;

/**
 * The session's cookie, and the header against forgery where the site's settings want it. Source: the page
 * "connectedapps", request headers.
 */
export const session: OpenAPIV3_1.SecurityRequirementObject[] = [{ session: [], csrf: [] }];
/** Security of operations that need no session where the site's settings say so, and the API is public. */
export const reading: OpenAPIV3_1.SecurityRequirementObject[] = [{ session: [], csrf: [] }, {}];
/** Login, renewal and logout are the exceptions that want neither. */
export const open: OpenAPIV3_1.SecurityRequirementObject[] = [];

const VERSIONS = ['v71', 'v72', 'v80', 'v81'];
const vendor = (syntax: string) => VERSIONS.map((version) => `application/vnd.soa.${version}+${syntax}`);
/** The media types of objects; feeds come as these and as XML. */
const JSON_TYPES = ['application/json', ...vendor('json')];
const XML_TYPES = ['text/xml', ...vendor('xml')];
/** The ten of the page "connectedapps"; what a client that accepts anything is given comes first. */
const FEED_TYPES = [...JSON_TYPES, ...XML_TYPES];

export const query = {
  activatedOnly: flag(
    'ActivatedOnly',
    'Whether only activated contracts are returned. `true`, or anything else for false.',
  ),
  environment: {
    name: 'Environment',
    in: 'query',
    schema: { type: 'string' },
    description: 'Sandbox or Production, in whatever case. Another one has no contracts.',
  },
  includeActions: flag('IncludeActions', 'Whether the actions that the caller may do now are returned.'),
  start: { name: 'start', in: 'query', schema: { type: 'string', pattern: '^[0-9]+$' } },
  count: { name: 'count', in: 'query', schema: { type: 'string', pattern: '^[0-9]+$' } },
} as const satisfies Record<string, OpenAPIV3_1.ParameterObject>;

export function flag(name: string, description: string): OpenAPIV3_1.ParameterObject {
  return { name, in: 'query', schema: { type: 'string' }, description };
}

/** An id in the path, such as `9d50e439-2e50-4393-8053-f47706006f20.acmepaymentscorp`. */
export function id(name: string): OpenAPIV3_1.ParameterObject {
  return { name, in: 'path', required: true, schema: { type: 'string', minLength: 1 } };
}

/** An object with exactly these properties, all of them there but those that are named. */
export function exactly(
  properties: Record<string, Schema>,
  optional: readonly string[] = [],
): OpenAPIV3_1.SchemaObject {
  const required = Object.keys(properties).filter((name) => !optional.includes(name));
  return { type: 'object', additionalProperties: false, required, properties };
}

export const text = { type: 'string' } as const satisfies Schema;
export const truth = { type: 'boolean' } as const satisfies Schema;
export const texts = { type: 'array', items: text } as const satisfies Schema;

export function ref(name: string): OpenAPIV3_1.ReferenceObject {
  return { $ref: `#/components/schemas/${name}` };
}

/** A JSON body, also under the vendor's own names of JSON. */
export function body(schema: Schema): OpenAPIV3_1.RequestBodyObject {
  return { required: true, content: contents([...JSON_TYPES, 'application/vnd.soa.v84+json'], schema) };
}

export function textBody(description: string): OpenAPIV3_1.RequestBodyObject {
  return { required: true, description, content: contents(['text/plain'], text) };
}

function contents(types: readonly string[], schema: Schema): Record<string, OpenAPIV3_1.MediaTypeObject> {
  return Object.fromEntries(types.map((type) => [type, { schema }]));
}

/** Only 401 and 500 are documented. 406 and 415 are what any JAX-RS server answers; this one is no other. */
const refusals = {
  '401': 'Not logged in, a header against forgery that is missing, or not allowed.',
  '406': 'Nothing that the client accepts is offered.',
  '415': 'The body is of another media type.',
  '500': 'An error occurred processing the call.',
} as const;

function responses(content: Record<string, OpenAPIV3_1.MediaTypeObject>): OpenAPIV3_1.ResponsesObject {
  return {
    '200': { description: 'Success', content },
    ...Object.fromEntries(
      Object.entries(refusals).map(([status, description]) => [
        status,
        { description, content: contents(FEED_TYPES, ref('Fault')) },
      ]),
    ),
  };
}

/** A feed in any of the ten media types; of its XML, the emulator's README tells. */
export function feed(): OpenAPIV3_1.ResponsesObject {
  return responses(contents(FEED_TYPES, ref('Feed')));
}

/** A feed, or under the newer of the vendor's own names of JSON a list of objects. Source: Akana's page "listContracts". */
export function feedOrObjects(schema: Schema): OpenAPIV3_1.ResponsesObject {
  return responses(contents([...FEED_TYPES, 'application/rss+xml'], { anyOf: [ref('Feed'), schema] }));
}

export function object(schema: Schema): OpenAPIV3_1.ResponsesObject {
  return responses(contents(JSON_TYPES, schema));
}

export function plain(description = 'Text.'): OpenAPIV3_1.ResponsesObject {
  return responses(contents(['text/plain'], { type: 'string', description }));
}

export function picture(): OpenAPIV3_1.ResponsesObject {
  return responses(contents(['image/svg+xml'], text));
}

const category = exactly({ value: text, domain: text });
const action = exactly({ value: text, label: text });
const endpoint = exactly({ Category: text, Uri: text });

/** The page says that these are arrays; a real client was seen to read an object that holds the array. */
function arrayOrNested(name: string, schema: Schema): OpenAPIV3_1.SchemaObject {
  const array: OpenAPIV3_1.SchemaObject = { type: 'array', items: schema };
  return { anyOf: [array, exactly({ [name]: array })] };
}

export const schemas: Record<string, OpenAPIV3_1.SchemaObject> = {
  Fault: {
    ...exactly({ faultcode: text, faultstring: text }),
    examples: [{ faultcode: 'server', faultstring: 'An error occurred processing the call.' }],
  },
  /** Not wrapped in `rss`, though the XML is. */
  Feed: exactly({
    channel: exactly({ title: text, totalResults: { type: 'integer' }, item: { type: 'array', items: ref('Item') } }, [
      'totalResults',
    ]),
    version: { type: 'string', enum: ['1.0'] },
  }),
  Item: exactly(
    {
      title: text,
      description: text,
      pubDate: text,
      category: { type: 'array', items: category },
      guid: exactly({ value: text }),
      EntityReferences: exactly({ EntityReference: { type: 'array', items: ref('EntityReference') } }),
      Image: { type: 'array', items: ref('Image') },
      Endpoints: arrayOrNested('Endpoint', endpoint),
      Actions: arrayOrNested('Action', action),
    },
    ['description', 'pubDate', 'EntityReferences', 'Image', 'Endpoints', 'Actions'],
  ),
  /** The board item has no title. */
  EntityReference: exactly({ Title: text, Guid: text, Category: { type: 'array', items: category } }, ['Title']),
  Image: exactly({ Url: text, Title: text, Link: text }),
  Endpoint: endpoint,
};
