import { ConnectorError } from '../diagnostics.ts';
import { hashOf } from '../hash.ts';
import { AT_ONCE } from '../platforms/pace.ts';
import type { Checksums, Registry, RemoteApp, Sending } from '../platforms/platform.ts';
import type { Base, RemoteNames } from '../project/project.ts';
import type { Templates } from './journal.ts';
import { TEMPLATE, TEXT_SECTIONS } from './local.ts';
import type { Change, Plan } from './plan.ts';
import { moved, recheck } from './recheck.ts';
import type { RemoteState } from './remote.ts';

/** A change that the platform has answered. */
export interface Step {
  readonly change: Change;
  /**
   * State to record if nothing more is done, so that a push that is cut off after this step can be run again. There are
   * no names without an app.
   */
  state(): { readonly names: RemoteNames | undefined; readonly base: Base };
}

/**
 * Makes the changes of a plan on the platform, in this order: the app; new connections one after another, because the
 * platform numbers them; their content, two changes at a time; deletions. Directly before a text is overwritten, it is
 * compared with the plan. Stops at the first change that fails, after running requests have ended.
 * @param keepTemplates called with the initial content of created connections, if the platform returns it
 * @throws ConnectorError conflict if the plan has conflicts, or if someone else changed something since it was made;
 * otherwise what the registry throws
 */
export async function* makeChanges(
  plan: Plan,
  registry: Registry,
  keepTemplates: (templates: Templates) => void = () => {},
): AsyncGenerator<Step, void, void> {
  if (plan.conflicts.length > 0) throw new ConnectorError('conflict', plan.conflicts);
  const progress = new Progress(plan);
  const first = plan.changes.filter(({ action }) => action === 'create-app' || action === 'create');
  const middle = plan.changes.filter(({ action }) => !/^create|^delete/.test(action));
  const last = plan.changes.filter(({ action }) => action === 'delete' || action === 'delete-app');
  const make = (change: Change) => progress.make(change, registry);
  yield* inTurn(first, 1, make);
  keepTemplates(await progress.templates(registry));
  yield* inTurn(middle, AT_ONCE, make);
  yield* inTurn(last, 1, make);
}

/** Does the work for each change, some at a time, and gives each step when it is done. */
async function* inTurn(
  changes: readonly Change[],
  atOnce: number,
  work: (change: Change) => Promise<Step>,
): AsyncGenerator<Step, void, void> {
  const waiting = [...changes];
  const running = new Set<Promise<void>>();
  const done: Step[] = [];
  const failed: unknown[] = [];
  while (waiting.length > 0 || running.size > 0) {
    while (running.size < atOnce && waiting.length > 0 && failed.length === 0) {
      const change = waiting.shift() as Change;
      const lane: Promise<void> = work(change)
        .then(
          (step) => {
            done.push(step);
          },
          (error) => {
            failed.push(error);
          },
        )
        .finally(() => running.delete(lane));
      running.add(lane);
    }
    await Promise.race(running);
    yield* done.splice(0);
    if (failed.length > 0 && running.size === 0) throw failed[0];
  }
}

/** How far a plan has come. */
class Progress {
  #app: Pick<RemoteApp, 'name' | 'version'> | undefined;
  readonly #names: Map<string, string>;
  readonly #base: Map<string, Base[string]>;
  readonly #remote: RemoteState;
  /** Of connections that were just created, before anything was written into them. */
  #created: Checksums | undefined;
  /** Id → which of the looks counts for such a connection. */
  readonly #groups = new Map<string, number>();
  /** The looks, each directly before the first section of its connections is filled. */
  readonly #looks = new Map<number, Promise<Checksums | undefined>>();

  constructor({ comparison, base }: Plan) {
    const { app, connections } = comparison.remote;
    this.#app = app;
    this.#remote = comparison.remote;
    this.#names = new Map([...connections].map(([id, { name }]) => [id, name]));
    this.#base = new Map(Object.entries(base));
  }

  /** @throws ConnectorError conflict `sync/conflict` when somebody else changed meanwhile what would be written over */
  async make(change: Change, registry: Registry): Promise<Step> {
    const isNew = change.action === 'set' && !this.#remote.connections.has(change.id);
    const look = () =>
      isNew ? this.#lookAtNew(change, registry) : recheck(change, { registry, app: this.#app, remote: this.#remote });
    const isLeft = await look();
    const recheckAfterWait = async () => {
      if (isNew) this.#looks.delete(this.#groups.get(change.id) ?? 0);
      await look();
    };
    await this.#change(change, registry, isLeft, { recheck: recheckAfterWait });
    return { change, state: () => this.#state() };
  }

  /** Returns the sections with which connections were created that have no text of ours yet. */
  async templates(registry: Registry): Promise<Templates> {
    const created = [...this.#names].filter(([id]) => !this.#remote.connections.has(id));
    if (created.length === 0 || this.#app === undefined) return {};
    this.#created = await registry.checksums?.(this.#app);
    // Each look tells of all of them, and takes the longer, the more there are: of many, one counts for a few.
    const size = Math.ceil(Math.sqrt(created.length) / 2);
    for (const [index, [id]] of created.entries()) this.#groups.set(id, Math.floor(index / size));
    // The first are filled now.
    this.#looks.set(0, Promise.resolve(this.#created));
    const sumsOf = (name: string) =>
      TEXT_SECTIONS.flatMap((section): [string, string][] => {
        const sum = this.#created?.sum(name, section.name);
        return sum === undefined ? [] : [[section.name, sum]];
      });
    return Object.fromEntries(created.map(([id, name]) => [id, Object.fromEntries(sumsOf(name))]));
  }

  /** True if a section of a connection that was just created still holds what the platform filled it with. */
  async #lookAtNew({ id, section, text }: Extract<Change, { action: 'set' }>, registry: Registry): Promise<boolean> {
    const name = this.#names.get(id) ?? id;
    const before = this.#created?.sum(name, section);
    if (before === undefined || this.#app === undefined) return true;
    const group = this.#groups.get(id) ?? 0;
    const look = this.#looks.get(group) ?? registry.checksums?.(this.#app) ?? Promise.resolve(undefined);
    this.#looks.set(group, look);
    const now = await look;
    if (now?.says(name, section, text) === true) return false;
    if (now !== undefined && now.sum(name, section) !== before) throw moved(section, name);
    return true;
  }

  /** @param isLeft whether the platform has to be asked for it: it may have it by now */
  async #change(change: Change, registry: Registry, isLeft: boolean, sending: Sending): Promise<void> {
    const id = 'id' in change ? change.id : '';
    const name = this.#names.get(id) ?? id;
    switch (change.action) {
      case 'create-app':
        this.#app = await registry.createApp(change);
        break;
      case 'delete-app':
        await registry.deleteApp(change, sending);
        this.#app = undefined;
        break;
      case 'create': {
        const { label, type } = change.connection;
        const created = await registry.create(this.#known().name, { type, label });
        this.#names.set(id, created.name);
        const templates = TEXT_SECTIONS.map((section) => [section.name, TEMPLATE]);
        this.#base.set(id, { ...Object.fromEntries(templates), label: hashOf(label) });
        break;
      }
      case 'rename':
        if (isLeft) await registry.update(name, { label: change.label }, sending);
        this.#keep(id, 'label', hashOf(change.label));
        break;
      case 'set':
        if (isLeft) await registry.setSection(name, change.section, change.text, sending);
        // An absent section that was cleared is not managed any more: it leaves no base.
        this.#keep(id, change.section, change.why === 'cleared' ? undefined : hashOf(change.text));
        break;
      case 'set-common':
        if (isLeft) await registry.setCommon(name, change.values, sending);
        break;
      case 'delete':
        await registry.delete(change.name, sending);
        this.#names.delete(id);
        this.#base.delete(id);
    }
  }

  #keep(id: string, part: keyof Base[string], hash: string | undefined): void {
    const { [part]: _, ...others } = this.#base.get(id) ?? {};
    this.#base.set(id, hash === undefined ? others : { ...others, [part]: hash });
  }

  #known(): Pick<RemoteApp, 'name' | 'version'> {
    if (this.#app === undefined) throw new Error('a plan without an app must create it first');
    return this.#app;
  }

  #state(): ReturnType<Step['state']> {
    const base = Object.fromEntries(this.#base);
    if (this.#app === undefined) return { names: undefined, base };
    const { name, version } = this.#app;
    return { names: { app: name, version, connections: Object.fromEntries(this.#names) }, base };
  }
}
