import type { OpenAPIV3_1 } from 'openapi-types';

/** An OpenAPI 3.1 document, as far as contracts go. */
export interface Contract {
  readonly openapi: '3.1.0';
  readonly info: OpenAPIV3_1.InfoObject;
  /** Paths below which the operations stand on a host. */
  readonly servers: readonly OpenAPIV3_1.ServerObject[];
  readonly security?: readonly OpenAPIV3_1.SecurityRequirementObject[];
  readonly paths: Paths;
  readonly components: Pick<OpenAPIV3_1.ComponentsObject, 'schemas' | 'securitySchemes'>;
}

/** Path template → method → operation. */
export type Paths = Readonly<
  Record<string, { readonly [method in (typeof METHODS)[number]]?: OpenAPIV3_1.OperationObject }>
>;

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** One operation of a contract, with its references to parameters and bodies resolved. */
export interface Operation {
  readonly id: string;
  readonly method: Method;
  /** The path template without the server's prefix, such as `/sdk/apps/{SDK_appName}/connections`. */
  readonly path: string;
  readonly parameters: readonly OpenAPIV3_1.ParameterObject[];
  /** The names of the security schemes by which a caller may prove who it is. */
  readonly schemes: readonly string[];
  /** Scopes that the caller needs. */
  readonly scopes: readonly string[];
  /** True if the operation can be called without credentials. */
  readonly open: boolean;
  /** True if it can be called with credentials and without. */
  readonly anonymous: boolean;
  /** Media types of the request body; empty when there is none. */
  readonly mediaTypes: readonly string[];
  /** True if a request without a body is refused; false where the operation takes none. */
  readonly bodyRequired: boolean;
  /** Media type → schema of the request body. */
  readonly body: ReadonlyMap<string, Schema>;
  /** Status → media type → schema of the answer. */
  readonly answers: ReadonlyMap<string, ReadonlyMap<string, Schema>>;
}

type Schema = OpenAPIV3_1.SchemaObject | OpenAPIV3_1.ReferenceObject;

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;

/**
 * The operations of a contract by operationId: what both the client and the emulator are made from.
 * @throws Error when an operation has no id or an id stands twice: a fault of the contract, hence a bug.
 */
export function operationsOf(contract: Contract): ReadonlyMap<string, Operation> {
  const known = READ.get(contract);
  if (known !== undefined) return known;
  const operations = new Map<string, Operation>();
  for (const [path, item] of Object.entries(contract.paths)) {
    for (const method of METHODS) {
      const declared = item[method];
      if (declared === undefined) continue;
      const id = declared.operationId;
      if (id === undefined || operations.has(id)) throw new Error(`${method} ${path} needs an operationId of its own`);
      operations.set(id, readOperation(id, method.toUpperCase() as Method, path, declared, contract));
    }
  }
  READ.set(contract, operations);
  return operations;
}

/** Contracts do not change; a client and an emulator are made of the same, more than once. */
const READ = new WeakMap<Contract, ReadonlyMap<string, Operation>>();

function readOperation(
  id: string,
  method: Method,
  path: string,
  declared: OpenAPIV3_1.OperationObject,
  contract: Contract,
): Operation {
  const security = declared.security ?? contract.security ?? [];
  const requestBody = declared.requestBody as OpenAPIV3_1.RequestBodyObject | undefined;
  const body = content(requestBody);
  const answers = Object.entries(declared.responses ?? {}).map(
    ([status, response]) => [status, content(response as OpenAPIV3_1.ResponseObject)] as const,
  );
  return {
    id,
    method,
    path,
    parameters: (declared.parameters ?? []) as OpenAPIV3_1.ParameterObject[],
    schemes: security.flatMap((each) => Object.keys(each)),
    scopes: security.flatMap((each) => Object.values(each).flat()),
    open: security.length === 0,
    anonymous: security.some((each) => Object.keys(each).length === 0),
    mediaTypes: [...body.keys()],
    bodyRequired: requestBody?.required ?? false,
    body,
    answers: new Map(answers),
  };
}

function content(
  holder: { content?: { [media: string]: OpenAPIV3_1.MediaTypeObject } } | undefined,
): Map<string, Schema> {
  return new Map(Object.entries(holder?.content ?? {}).map(([media, { schema }]) => [media, schema ?? {}]));
}
