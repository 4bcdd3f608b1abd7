import { ConnectorError, nearest } from '@connectorkit/sdk/emulator';
import type { EmulatedPlatform, Emulator } from './emulator.ts';

/**
 * The platforms of a harness. Each is loaded when it is first asked for: few harnesses are asked for all of them, and
 * contracts are large.
 */
export class Platforms {
  readonly all: readonly EmulatedPlatform[];
  readonly #admit: (emulator: Emulator) => Promise<void>;
  readonly #age: () => Promise<string | undefined>;
  /** The age of the state in which each was made ready. */
  readonly #ages = new Map<Emulator, string | undefined>();
  readonly #loading = new Map<string, Promise<Emulator>>();
  readonly #loaded: Emulator[] = [];
  readonly #ready: Emulator[] = [];

  /**
   * @param admit makes a platform ready that was just loaded, before it is asked anything
   * @param age names the state of everything, which any process on the store may have put back since
   */
  constructor(
    all: readonly EmulatedPlatform[],
    admit: (emulator: Emulator) => Promise<void>,
    age: () => Promise<string | undefined> = async () => undefined,
  ) {
    this.all = all;
    this.#admit = admit;
    this.#age = age;
  }

  /** Those that can be asked, in the order in which they were loaded. */
  get ready(): readonly Emulator[] {
    return this.#ready;
  }

  /** The same, with those that are about to be made ready. */
  get loaded(): readonly Emulator[] {
    return this.#loaded;
  }

  /** @throws ConnectorError usage `harness/token` for a platform that is not there */
  facts(name: string): EmulatedPlatform {
    const found = this.all.find((each) => each.name === name);
    if (found !== undefined) return found;
    const names = this.all.map((each) => each.name);
    const meant = nearest(name, names);
    throw new ConnectorError('usage', {
      code: 'harness/token',
      message: `${JSON.stringify(name)} is not a platform of this harness.`,
      hint: meant === undefined ? `Choose one of ${names.join(', ')}.` : `Did you mean ${meant}?`,
      found: name,
    });
  }

  /** @throws ConnectorError usage `harness/token` for a platform that is not there */
  async named(name: string): Promise<Emulator> {
    const facts = this.facts(name);
    const loading = this.#loading.get(name) ?? this.#load(facts);
    this.#loading.set(name, loading);
    try {
      return await loading;
    } catch (error) {
      // The next one who asks tries again.
      if (this.#loading.get(name) === loading) this.#loading.delete(name);
      throw error;
    }
  }

  /** Makes a platform ready once more if the state has been put back since; whether it did. */
  async again(emulator: Emulator): Promise<boolean> {
    if (this.#ages.get(emulator) === (await this.#age())) return false;
    await this.#makeReady(emulator);
    return true;
  }

  async #makeReady(emulator: Emulator): Promise<void> {
    // Read before: what is put back in between is noticed later.
    const age = await this.#age();
    await this.#admit(emulator);
    this.#ages.set(emulator, age);
  }

  async #load(facts: EmulatedPlatform): Promise<Emulator> {
    const emulator = await facts.load();
    if (!this.#loaded.includes(emulator)) this.#loaded.push(emulator);
    await this.#makeReady(emulator);
    this.#ready.push(emulator);
    return emulator;
  }
}
