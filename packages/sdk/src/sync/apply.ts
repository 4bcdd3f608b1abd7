import { isDeepStrictEqual } from 'node:util';
import { ConnectorError, type Diagnostic } from '../diagnostics.ts';
import type { Registry } from '../platforms/platform.ts';
import type { Base, RemoteNames } from '../project/project.ts';
import { type Change, type Plan, TEMPLATE } from './plan.ts';
import { hashOf, TEXT_SECTIONS } from './state.ts';

/** A change that the platform has answered. */
export interface Step {
  readonly change: Change;
  /** What to record now, so that a push that is cut off after this step can be run again. */
  readonly names: RemoteNames;
  readonly base: Base;
}

/**
 * Applies a plan change by change; stops at the first that the platform refuses.
 * @throws ConnectorError conflict when the plan has conflicts; otherwise whatever the registry throws.
 */
export async function* apply(plan: Plan, registry: Registry): AsyncGenerator<Step, void, void> {
  if (plan.conflicts.length > 0) throw new ConnectorError('conflict', plan.conflicts);
  let app = plan.remote.app;
  const connections: Record<string, string> = {};
  const base: Record<string, Record<string, string>> = {};
  for (const [id, { name }] of plan.remote.connections) connections[id] = name;
  for (const [id, sections] of Object.entries(plan.base)) base[id] = { ...sections };
  for (const change of plan.changes) {
    if (change.action === 'create-app') {
      app = await registry.createApp(change);
    } else if (app === undefined) {
      throw new Error('a plan without an app must create it first');
    } else if (change.action === 'create') {
      connections[change.id] = (await registry.create(app.name, change.connection)).name;
      base[change.id] = Object.fromEntries(TEXT_SECTIONS.map(({ name }) => [name, TEMPLATE]));
    } else {
      await write(change, connections[change.id] ?? change.id, registry);
      if (change.action === 'set') base[change.id] = { ...base[change.id], ...written(change) };
    }
    if (app === undefined) continue;
    const names = { app: app.name, version: app.version, connections: { ...connections } };
    yield { change, names, base: settled(base) };
  }
}

async function write(
  change: Exclude<Change, { action: 'create-app' | 'create' }>,
  name: string,
  registry: Registry,
): Promise<void> {
  if (change.action === 'rename') await registry.update(name, { label: change.label });
  else if (change.action === 'set-common') await registry.setCommon(name, change.values);
  else await registry.setSection(name, change.section, change.text);
}

/** An absent section that was cleared is not managed any more: it leaves no base. */
function written({ section, text, why }: Extract<Change, { action: 'set' }>): Record<string, string> {
  return { [section]: why === 'cleared' ? '' : hashOf(text) };
}

function settled(base: Record<string, Record<string, string>>): Base {
  return Object.fromEntries(
    Object.entries(base).map(([id, sections]) => [
      id,
      Object.fromEntries(Object.entries(sections).filter(([, hash]) => hash !== '')),
    ]),
  );
}

/**
 * Reads back what a plan set: sections byte for byte, `common` as equal JSON.
 * @returns what differs; empty when everything arrived.
 */
export async function verify(plan: Plan, names: RemoteNames, registry: Registry): Promise<Diagnostic[]> {
  const differing: Diagnostic[] = [];
  for (const change of plan.changes) {
    if (change.action !== 'set' && change.action !== 'set-common') continue;
    const name = names.connections[change.id] ?? '';
    const what = change.action === 'set' ? change.section : 'common';
    const arrived =
      change.action === 'set'
        ? (await registry.section(name, change.section)) === change.text
        : isDeepStrictEqual(await registry.common(name), change.values);
    if (arrived) continue;
    differing.push({
      code: 'sync/not-verified',
      severity: 'error',
      message: `${what} of ${name} is not what was sent.`,
      hint: 'Push again; if it stays, compare the two texts.',
    });
  }
  return differing;
}
