import { ConnectorError } from '../src/diagnostics.ts';
import type { Registry } from '../src/platforms/platform.ts';
import { CREATE_TYPES, type StoredType } from '../src/sections/create-types.ts';
import { TEXT_SECTIONS } from '../src/sync/local.ts';

/** A platform in memory, which does what it is asked and loses the answer of the call that is named. */
export function platform(failing?: string) {
  const apps: { name: string; label: string; version: number }[] = [];
  const connections: { name: string; label: string; type: StoredType }[] = [];
  const texts = new Map<string, string>();
  const calls: string[] = [];
  const common = new Map<string, unknown>();
  const state = { failing };
  const did = (call: string) => {
    calls.push(call);
    if (call !== state.failing) return;
    throw new ConnectorError('network', { code: 'origin/unreachable', message: `lost at ${call}`, hint: '' });
  };
  const find = (name: string) => {
    const found = connections.find((each) => each.name === name);
    if (found === undefined) throw new Error(`There is no ${name}.`);
    return found;
  };
  const registry: Registry = {
    namedAfter: (given, asked) => given.startsWith(asked),
    apps: async () => [...apps],
    list: async () => connections.map((each) => ({ ...each })),
    get: async (name) => ({ ...find(name) }),
    createApp: async ({ name, label }) => {
      const app = { name: `${name}-abc123`, label, version: 1 };
      apps.push(app);
      did('createApp');
      return app;
    },
    deleteApp: async () => {
      apps.length = 0;
      did('deleteApp');
    },
    create: async (app, { label, type }) => {
      const { stored } = CREATE_TYPES[type];
      const name = connections.length === 0 ? app : `${app}-${connections.length + 1}`;
      const created = { name, label, type: stored };
      connections.push(created);
      for (const section of TEXT_SECTIONS) texts.set(`${name} ${section.name}`, 'template');
      did('create');
      return created;
    },
    update: async (name, { label }) => {
      const updated = Object.assign(find(name), { label });
      did('update');
      return updated;
    },
    delete: async (name) => {
      connections.splice(connections.indexOf(find(name)), 1);
      did('delete');
    },
    setSection: async (name, section, text) => {
      texts.set(`${name} ${section}`, text);
      did(`set ${section}`);
    },
    setCommon: async (name, values) => {
      common.set(name, values);
      did('set common');
    },
    section: async (name, section) => {
      calls.push(`get ${section}`);
      return texts.get(`${name} ${section}`) ?? '';
    },
    common: async (name) => common.get(name) ?? {},
    recreate: async (name) => {
      find(name);
      did('recreate');
    },
  };
  return { registry, texts, calls, state };
}
