import type { Run } from '../command.ts';
import { serveEditor } from '../language-server/serve.ts';
import { version } from '../version.ts';
import type { lsp as command } from './lsp.ts';

export const run: Run<typeof command> = async (context) => {
  const options = { version: version(), files: (folder: string) => context.files(folder) };
  await serveEditor(context.streams(), options, context.signal);
  return { exit: 'fine' };
};
