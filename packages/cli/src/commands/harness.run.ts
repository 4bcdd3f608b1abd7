import type { Run } from '../command.ts';
import { findProject } from '../disk.ts';
import { interrupted, startHarness } from '../local-harness.ts';
import type { harness as command } from './harness.ts';

export const run: Run<typeof command> = async (context, args) => {
  const root = findProject(context.cwd) ?? context.cwd;
  const { harness, stop } = await startHarness(context, root, args);
  await interrupted(context.signal);
  await stop();
  return { exit: 'fine', data: { url: harness.url }, summary: 'The harness stopped.' };
};
