import { type Operation, operationsOf, type Validator, type Validators } from '@connectorkit/sdk';
import findMyWay, { type HTTPMethod } from 'find-my-way';
import type { Behaviour, Emulator, Fault } from './emulator.ts';

export interface RouteNames {
  readonly platform: string;
  readonly operation: string;
}

/** An operation at a path. */
export interface Route {
  readonly names: RouteNames;
  readonly emulator: Emulator;
  readonly operation: Operation;
  readonly behaviour: Behaviour;
  readonly validators: Validators;
  /** Those that a request of the operation is held against; parts that the contract leaves open have none. */
  readonly checks: Readonly<Record<Fault['part'], Validator | undefined>>;
}

export interface Routes {
  readonly router: ReturnType<typeof findMyWay>;
  /** The emulator whose prefix the path begins with. */
  readonly owner: (path: string) => Emulator | undefined;
}

const BUILT: { readonly emulators: readonly Emulator[]; readonly routes: Promise<Routes> }[] = [];

/**
 * The routes of the emulators' contracts. Harnesses of the same platforms share them: to build them takes longer than
 * anything else of a start.
 * @throws Error when two templates would match one path, or an operation has no behaviour: bugs, found at start.
 */
export function routesOf(emulators: readonly Emulator[]): Promise<Routes> {
  const isSame = (others: readonly Emulator[]) =>
    others.length === emulators.length && others.every((other, index) => other === emulators[index]);
  const found = BUILT.find((built) => isSame(built.emulators));
  if (found !== undefined) return found.routes;
  const routes = build(emulators);
  BUILT.push({ emulators, routes });
  return routes;
}

async function build(emulators: readonly Emulator[]): Promise<Routes> {
  const router = findMyWay({ caseSensitive: true, maxParamLength: 1000 });
  const templates = new Map<string, string>();
  for (const emulator of emulators) {
    const { platform } = emulator;
    const validators = await platform.validators();
    const prefixes = platform.contract.servers.map(({ url }) => url.replace(/\/$/, ''));
    for (const operation of operationsOf(platform.contract).values()) {
      const behaviour = emulator.behaviours[operation.id] as Behaviour | undefined;
      if (behaviour === undefined) throw new Error(`${platform.name} has no behaviour for ${operation.id}`);
      const checks = {
        path: validators[`${operation.id} path`],
        query: validators[`${operation.id} query`],
        body: validators[`${operation.id} body`],
      };
      const names = { platform: platform.name, operation: operation.id };
      for (const prefix of prefixes) {
        const path = template(prefix, operation);
        claim(templates, `${operation.method} ${path.replace(/:[^/]+/g, ':')}`, `${platform.name} ${operation.id}`);
        const route: Route = { names, emulator, operation, behaviour, validators, checks };
        router.on(operation.method as HTTPMethod, path, () => {}, route);
      }
    }
  }
  return { router, owner: ownerIn(emulators) };
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

function claim(templates: Map<string, string>, path: string, owner: string): void {
  const other = templates.get(path);
  if (other !== undefined) throw new Error(`${owner} and ${other} both answer ${path}`);
  templates.set(path, owner);
}

export function find(router: ReturnType<typeof findMyWay>, method: string, path: string) {
  try {
    return router.find(method as HTTPMethod, path) ?? undefined;
  } catch {
    return undefined;
  }
}

function ownerIn(emulators: readonly Emulator[]): (path: string) => Emulator | undefined {
  const byLength = emulators
    .flatMap((emulator) => emulator.prefixes.map((prefix) => ({ prefix, below: `${prefix}/`, emulator })))
    .sort((a, b) => b.prefix.length - a.prefix.length);
  return (path) => byLength.find(({ prefix, below }) => path === prefix || path.startsWith(below))?.emulator;
}
