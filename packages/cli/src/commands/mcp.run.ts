import type { Run } from '../command.ts';
import { permissionFor } from '../mcp/permission.ts';
import { serve } from '../mcp/server.ts';
import type { mcp as command } from './mcp.ts';

/** Serves until the client closes stdin. */
export const run: Run<typeof command> = async (context, args) => {
  await serve(context, permissionFor(context, args['allow-origin']));
  return { exit: 'fine' };
};
