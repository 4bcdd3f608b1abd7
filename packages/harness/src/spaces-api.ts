import type { Express } from 'express';
import type { SpaceRoutes } from './spaces.ts';

const BASE = '/__harness/spaces';

/** Adds the routes that make, list and remove spaces. */
export function spaceRoutes(own: Express, spaces: SpaceRoutes): void {
  own.get(BASE, async (_request, response) => {
    response.json({ spaces: await spaces.list() });
  });
  own.put(`${BASE}/:name`, async (request, response) => {
    const { hours } = (request.body ?? {}) as { hours?: unknown };
    response.json(await spaces.create(request.params.name, hours === undefined ? undefined : Number(hours)));
  });
  own.delete(`${BASE}/:name`, async (request, response) => {
    response.json({ deleted: await spaces.remove(request.params.name) });
  });
}
