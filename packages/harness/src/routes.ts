import {
  type Operation,
  operationsOf,
  type Platform,
  type Validator,
  type Validators,
} from '@connectorkit/sdk/emulator';
import findMyWay, { type HTTPMethod } from 'find-my-way';
import type { Behaviour, Emulator, PublishedConnection, Violation } from './emulator.ts';
import type { ReadTransaction } from './store/store.ts';

export interface RouteNames {
  readonly platform: string;
  readonly operation: string;
  /** As the contract has it, with its parameters in braces; absent where there is no contract. */
  readonly path?: string;
}

/** An operation at a path. */
export interface Route {
  readonly names: RouteNames;
  readonly emulator: Emulator;
  readonly operation: Operation;
  readonly behaviour: Behaviour;
  /** Validation of the operation, once `validationOf` has loaded it. */
  validation?: Validation;
}

/** Validators of an operation's requests and answers. */
export interface Validation {
  readonly validators: Validators;
  /** Those of a request; parts that the contract leaves open have none. */
  readonly checks: Readonly<Record<Violation['part'], Validator | undefined>>;
}

/** A route that was found, and the values of the parameters of its path. */
export interface Found {
  readonly route: Route;
  readonly params: Readonly<Record<string, string | undefined>>;
}

export interface Routes {
  find(method: string, path: string): Found | undefined;
  /** The emulator whose prefix the path begins with. */
  owner(path: string): Emulator | undefined;
}

/**
 * The routes of the emulators' contracts. A platform's own are built when one of its paths is first asked for: few
 * harnesses are asked for all platforms, and a start has better things to do.
 * @throws Error when two templates would match one path, an operation stands below another platform's prefix, or it
 * has no behaviour: bugs, found at start.
 */
export function routesOf(emulators: readonly Emulator[]): Routes {
  const owner = ownerIn(emulators);
  refuseBugs(emulators, owner);
  return {
    owner,
    find: (method, path) => {
      const first = owner(path);
      const found = first && findAt(first, method, path);
      if (found !== undefined) return found;
      for (const other of emulators) {
        const elsewhere = other === first ? undefined : findAt(other, method, path);
        if (elsewhere !== undefined) return elsewhere;
      }
      return undefined;
    },
  };
}

/** Loaded when first asked for, because validators are large. */
export async function validationOf(route: Route): Promise<Validation> {
  const { emulator, operation } = route;
  const validators = await emulator.platform.validators();
  const checks = {
    path: validators[`${operation.id} path`],
    query: validators[`${operation.id} query`],
    body: validators[`${operation.id} body`],
  };
  route.validation = { validators, checks };
  return route.validation;
}

function refuseBugs(emulators: readonly Emulator[], owner: Routes['owner']): void {
  const claimed = new Map<string, string>();
  for (const emulator of emulators) {
    const { platform, behaviours } = emulator;
    const prefixes = prefixesOf(platform);
    for (const [path, item] of Object.entries(platform.contract.paths)) {
      for (const [method, { operationId = '' }] of Object.entries(item)) {
        if (!(operationId in behaviours)) throw new Error(`${platform.name} has no behaviour for ${operationId}`);
        for (const prefix of prefixes) {
          const claim = `${method.toUpperCase()} ${prefix}${path.replace(/\{[^/]*/g, ':')}`;
          const own = `${platform.name} ${operationId}`;
          const other = claimed.get(claim);
          if (other !== undefined) throw new Error(`${own} and ${other} both answer ${claim}`);
          claimed.set(claim, own);
          const above = owner(`${prefix}${path}`);
          if (above !== undefined && above !== emulator) {
            throw new Error(`${claim} of ${platform.name} stands below a prefix of ${above.platform.name}`);
          }
        }
      }
    }
  }
}

type Router = ReturnType<typeof findMyWay>;

/** Harnesses of one process share them. */
const ROUTERS = new WeakMap<Emulator, Router>();

function findAt(emulator: Emulator, method: string, path: string): Found | undefined {
  let router = ROUTERS.get(emulator);
  if (router === undefined) {
    router = routerOf(emulator);
    ROUTERS.set(emulator, router);
  }
  try {
    const found = router.find(method as HTTPMethod, path);
    return found === null ? undefined : { route: found.store as Route, params: found.params };
  } catch {
    return undefined;
  }
}

function routerOf(emulator: Emulator): Router {
  const router = findMyWay({ caseSensitive: true, maxParamLength: 1000 });
  const { platform } = emulator;
  for (const operation of operationsOf(platform.contract).values()) {
    const behaviour = emulator.behaviours[operation.id] as Behaviour;
    for (const prefix of prefixesOf(platform)) {
      const names = { platform: platform.name, operation: operation.id, path: `${prefix}${operation.path}` };
      const route: Route = { names, emulator, operation, behaviour };
      router.on(operation.method as HTTPMethod, template(prefix, operation), () => {}, route);
    }
  }
  return router;
}

function prefixesOf({ contract }: Platform): readonly string[] {
  return contract.servers.map(({ url }) => url.replace(/\/$/, ''));
}

/** OpenAPI's `/a/{b}` in the router's words, a pattern of the parameter included. */
function template(prefix: string, operation: Operation): string {
  const path = operation.path.replace(/\{([^}]+)\}/g, (_, name: string) => {
    const parameter = operation.parameters.find((each) => each.name === name);
    const pattern = (parameter?.schema as { pattern?: string } | undefined)?.pattern;
    return pattern === undefined ? `:${name}` : `:${name}(${pattern})`;
  });
  return `${prefix}${path}`;
}

/** Whose prefix a path begins with, of platforms or their emulators. */
export function ownerIn<Owner extends { readonly prefixes: readonly string[] }>(
  emulators: readonly Owner[],
): (path: string) => Owner | undefined {
  const byLength = emulators
    .flatMap((emulator) => emulator.prefixes.map((prefix) => ({ prefix, below: `${prefix}/`, emulator })))
    .sort((a, b) => b.prefix.length - a.prefix.length);
  return (path) => byLength.find(({ prefix, below }) => path === prefix || path.startsWith(below))?.emulator;
}

/** Finds what was pushed under a name, on whichever platform. */
export function publishedBy(emulators: readonly Emulator[]) {
  return async (name: string, tx: ReadTransaction): Promise<PublishedConnection | undefined> => {
    for (const emulator of emulators) {
      const found = await emulator.published?.(name, tx);
      if (found !== undefined) return found;
    }
    return undefined;
  };
}
