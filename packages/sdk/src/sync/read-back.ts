import { isDeepStrictEqual } from 'node:util';
import type { Diagnostic } from '../diagnostics.ts';
import { inPairs } from '../platforms/pace.ts';
import type { Registry } from '../platforms/platform.ts';
import type { RemoteNames } from '../project/project.ts';
import type { Change, Plan } from './plan.ts';

/**
 * Reads back what a plan set: sections byte for byte, by the platform's checksums where there are any, `common` as
 * equal JSON, and labels from the list.
 * @returns what differs; empty when everything arrived.
 */
export async function readBack(
  plan: Pick<Plan, 'changes'>,
  names: RemoteNames,
  registry: Registry,
): Promise<Diagnostic[]> {
  const set = plan.changes.filter(({ action }) => !/^delete|-app$/.test(action));
  if (set.length === 0) return [];
  const labelled = set.some(({ action }) => action === 'rename' || action === 'create');
  const texts = set.some(({ action }) => action === 'set');
  const [checksums, listed] = await Promise.all([
    texts ? registry.checksums?.({ name: names.app, version: names.version }) : undefined,
    labelled ? registry.list(names.app) : [],
  ]);
  const arrived = async (change: Change, name: string): Promise<string | undefined> => {
    switch (change.action) {
      case 'set': {
        const { section, text } = change;
        if (checksums?.says(name, section, text) === true) return undefined;
        return (await registry.section(name, section)) === text ? undefined : section;
      }
      case 'set-common':
        return isDeepStrictEqual(await registry.common(name), change.values) ? undefined : 'common';
      case 'rename':
        return listed.some((each) => each.name === name && each.label === change.label) ? undefined : 'the label';
      default:
        return listed.some((each) => each.name === name) ? undefined : 'the connection';
    }
  };
  const differing = await inPairs(set, async (change) => {
    const name = ('id' in change ? names.connections[change.id] : undefined) ?? '';
    const what = await arrived(change, name);
    return what === undefined ? [] : [notVerified(what, name)];
  });
  return differing.flat();
}

function notVerified(what: string, name: string): Diagnostic {
  return {
    code: 'sync/not-verified',
    severity: 'error',
    message: `${what} of ${name} differs from what was sent.`,
    hint: 'Push again; if the problem remains, compare the two with `connector diff`.',
  };
}
