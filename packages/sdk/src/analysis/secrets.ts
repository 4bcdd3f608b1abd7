import { isObject, sameItems, sameJSON } from '../json.ts';
import { asksForSecret, isPublicCommon, isSecretSchema, looksPublic, looksSecret } from '../secrecy.ts';
import { credentialsIn } from './credential-places.ts';
import type { Declared, NamedPlace } from './declared.ts';
import type { Reference } from './expressions.ts';
import { fieldsOf, isOpen } from './fields.ts';
import { lazy } from './lazy.ts';
import { ofEachRequest } from './requests.ts';
import { type Kept, storedValuesIn } from './stored-values.ts';

/** A value that is a secret. */
export interface Secret {
  /**
   * How it is known. `declared`: a field, `common`, an answer or its name says so. `used`: it is sent as a credential,
   * and the form that would tell more is absent or fetched. `possible`: nothing says what it is.
   */
  readonly certainty: 'declared' | 'used' | 'possible';
  /** True if it is one only because everything in `common` is that is not known to be public. */
  readonly presumed?: boolean;
  /** Where it is declared, when it is. */
  readonly declared?: NamedPlace;
}

/** Which of the paths that expressions read are secrets. */
export interface Secrets {
  /** Undefined for what is no secret. */
  get(reference: Pick<Reference, 'root' | 'members'>): Secret | undefined;
  /** The same, with what may be a secret for all that is known. */
  maybe(reference: Pick<Reference, 'root' | 'members'>): Secret | undefined;
  /** The same for what is sent where credentials are. */
  asCredential(reference: Pick<Reference, 'root' | 'members'>): Secret | undefined;
  /** Of what a value is made, that by which it is a secret when it is known to be one. */
  among(sources: readonly Reference[]): readonly Reference[];
  /**
   * Compares with others: returns the names directly behind a variable, such as `token` in `temp.token.id`, of which not
   * both say the same; undefined when that may be all names.
   */
  namesUnlike(others: Secrets): ReadonlySet<string> | undefined;
}

/**
 * The secrets of a connection: fields that hide what is typed or are named like one, what `common` shares, the
 * authorization code and the tokens that answers bring, what is computed from these and kept in `temp` or `data`, and
 * what is sent where credentials are. The same object as for the connection before, when all that says so is the same.
 */
export function secretsOf(connection: Declared): Secrets {
  return knownIn(connection).secrets;
}

interface KnownSecrets {
  /** All that says what is a secret. */
  readonly basis: readonly unknown[];
  readonly secrets: Secrets;
}

const knownIn = lazy((connection: Declared, before: KnownSecrets | undefined): KnownSecrets => {
  const basis = basisOf(connection);
  if (before !== undefined && sameItems(basis, before.basis)) return before;
  return { basis, secrets: new Tables(connection) };
});

function basisOf(connection: Declared): readonly unknown[] {
  const { parameters, common } = connection.sections;
  const basis = [parameters, common, connection.absent?.join()];
  for (const texts of credentialsOf(connection).values()) {
    for (const credentials of texts) basis.push(credentials.length, ...credentials);
  }
  for (const { root, members, text } of storedValuesIn(connection)) {
    basis.push(root, members.length, ...members, text.template);
  }
  return basis;
}

/** What each text of a request sends as credentials; texts without any are left out. */
const credentialsOf = ofEachRequest(({ texts, path: { length } }) => {
  const sent = texts.map((text) => (text.path[length] === 'response' ? [] : credentialsIn(text, length)));
  return sent.filter((credentials) => credentials.length > 0);
});

const NAMED: Secret = { certainty: 'declared' };
const PRESUMED: Secret = { certainty: 'declared', presumed: true };
const USED: Secret = { certainty: 'used' };
const POSSIBLE: Secret = { certainty: 'possible' };

const DECLARED_HERE = 'The secret is declared here.';

/** Variables that hold no secret, wherever they are sent. */
const HARMLESS = new Set(['oauth', 'environment', 'executionId', 'statusCode']);

class Tables implements Secrets {
  readonly #parameters = new Map<string, Secret>();
  readonly #common = new Map<string, Secret>();
  readonly #temp = new Map<string, Secret>();
  /** Secrets in stored data; what users fill in is stored as well. */
  readonly #data = new Map<string, Secret>();
  /** The fields of the form, and what it asks for beside them: undefined when nobody can know. */
  readonly #fields = new Set<string>();
  readonly #isFormKnown: boolean;
  readonly #plainCommon = new Set<string>();
  readonly #stored: ReadonlySet<string>;

  constructor(connection: Declared) {
    const { parameters, common } = connection.sections;
    this.#isFormKnown = Array.isArray(parameters) && !isOpen(connection, 'parameters');
    this.#readForm(connection);
    this.#readCommon(isObject(common) ? common.properties : undefined);
    const kept = storedValuesIn(connection);
    this.#stored = new Set(kept.flatMap(({ root, name }) => (root === 'data' ? [name] : [])));
    this.#follow(connection, kept);
  }

  namesUnlike(others: Secrets): ReadonlySet<string> | undefined {
    if (!(others instanceof Tables) || this.#isFormKnown !== others.#isFormKnown) return undefined;
    const names = new Set<string>();
    const tables = [
      [this.#parameters, others.#parameters],
      [this.#common, others.#common],
      [this.#temp, others.#temp],
      [this.#data, others.#data],
    ] as const;
    for (const [one, other] of tables) {
      // What is said of all of a variable is then not the same.
      if (one.size > 0 !== other.size > 0) return undefined;
      for (const path of new Set([...one.keys(), ...other.keys()])) {
        if (sameJSON(one.get(path), other.get(path))) continue;
        // A name can hold what stands between names.
        for (let end = path.indexOf(SEPARATOR); end >= 0; end = path.indexOf(SEPARATOR, end + 1)) {
          names.add(path.slice(0, end));
        }
        names.add(path);
      }
    }
    const sets = [
      [this.#fields, others.#fields],
      [this.#plainCommon, others.#plainCommon],
      [this.#stored, others.#stored],
    ] as const;
    for (const [one, other] of sets) {
      for (const name of [...one, ...other]) if (one.has(name) !== other.has(name)) names.add(name);
    }
    return names;
  }

  get(reference: Pick<Reference, 'root' | 'members'>): Secret | undefined {
    const { root, members } = reference;
    const name = members[0];
    if (name === undefined) return this.#whole(root);
    const isNamed = looksSecret(members.at(-1) ?? '');
    switch (root) {
      case 'parameters':
        return lookUp(this.#parameters, members) ?? (isNamed && !this.#fields.has(name) ? USED : undefined);
      case 'common':
        return this.#common.get(name) ?? (this.#plainCommon.has(name) ? undefined : presumed(name));
      case 'temp':
        return lookUp(this.#temp, members) ?? (isNamed ? NAMED : undefined);
      case 'data':
      case 'connection':
        return lookUp(this.#data, members) ?? (isNamed && !this.#fields.has(name) ? NAMED : undefined);
      case 'query':
        return isNamed || name === 'code' ? NAMED : undefined;
      default:
        return undefined;
    }
  }

  maybe(reference: Pick<Reference, 'root' | 'members'>): Secret | undefined {
    const known = this.get(reference);
    const { root, members } = reference;
    const [name] = members;
    if (known !== undefined) return known;
    const isFilledIn = root === 'parameters' || root === 'data' || root === 'connection';
    if (name === undefined) return isFilledIn && !this.#isFormKnown ? POSSIBLE : undefined;
    if (!isFilledIn || this.#fields.has(name) || looksPublic(members.at(-1) ?? '')) return undefined;
    if (root === 'parameters') return POSSIBLE;
    return this.#stored.has(name) || this.#isFormKnown ? undefined : POSSIBLE;
  }

  asCredential(reference: Pick<Reference, 'root' | 'members'>): Secret | undefined {
    const known = this.get(reference);
    const { root, members } = reference;
    if (known !== undefined || HARMLESS.has(root)) return known;
    return root === 'parameters' && !this.#isFormKnown && !this.#fields.has(members[0] ?? '') ? USED : NAMED;
  }

  among(sources: readonly Reference[]): readonly Reference[] {
    const known = sources.filter((source) => this.get(source) !== undefined || isSecretAnswer(source));
    if (known.length > 0) return known;
    return sources.filter(({ root, members }) => {
      const last = members.at(-1);
      return last === undefined ? root === 'body' : !HARMLESS.has(root) && !looksPublic(last);
    });
  }

  #readForm(connection: Declared): void {
    for (const { name, value, path } of fieldsOf(connection, 'parameters')) {
      this.#fields.add(name);
      if (!asksForSecret(name, value)) continue;
      const declared = { message: DECLARED_HERE, section: 'parameters', path: [...path, 'name'] } as const;
      this.#parameters.set(name, { certainty: 'declared', declared });
      this.#data.set(name, { certainty: 'declared', declared });
    }
  }

  #readCommon(properties: unknown): void {
    for (const [name, schema] of isObject(properties) ? Object.entries(properties) : []) {
      if (isPublicCommon(name, schema)) {
        this.#plainCommon.add(name);
        continue;
      }
      const place = { section: 'common', path: ['properties', name], part: 'key' } as const;
      const declared = { message: DECLARED_HERE, ...place };
      this.#common.set(name, { certainty: 'declared', presumed: !isSecretSchema(name, schema), declared });
    }
  }

  /** All of a variable is a secret when something in it is. */
  #whole(root: string): Secret | undefined {
    if (root === 'common') return this.#common.size > 0 ? NAMED : PRESUMED;
    if (root === 'temp') return this.#temp.size > 0 ? NAMED : undefined;
    if (root === 'parameters') return this.#parameters.size > 0 ? NAMED : undefined;
    return (root === 'data' || root === 'connection') && this.#data.size > 0 ? NAMED : undefined;
  }

  /**
   * Marks a kept value as a secret when it is computed from one, when its name says so, or when it is sent as a credential;
   * and what it is then made of is one as well.
   */
  #follow(connection: Declared, kept: readonly Kept[]): void {
    for (const texts of credentialsOf(connection).values()) for (const credentials of texts) this.#markAll(credentials);
    for (let before = -1; before !== this.#size; ) {
      before = this.#size;
      for (const { root, name, members, text } of kept) {
        const table = root === 'temp' ? this.#temp : this.#data;
        if (lookUp(table, members) !== undefined) this.#markAll(text.sources);
        else if (looksSecret(name) || text.sources.some((each) => this.#isSource(each))) table.set(name, NAMED);
      }
    }
  }

  get #size(): number {
    return this.#parameters.size + this.#temp.size + this.#data.size;
  }

  #isSource(source: Reference): boolean {
    const secret = this.get(source);
    return secret !== undefined || isSecretAnswer(source);
  }

  /** Marks the sources of a credential as secrets, as far as it is not known what of them it is. */
  #markAll(sources: readonly Reference[]): void {
    for (const { root, members } of this.among(sources)) {
      if (members.length === 0) continue;
      const name = members.join(SEPARATOR);
      if (root === 'temp') set(this.#temp, name, NAMED);
      else if (root === 'parameters' || root === 'data' || root === 'connection') {
        this.#markFilledIn(root, name, this.#fields.has(members[0] ?? ''));
      }
    }
  }

  #markFilledIn(root: string, name: string, isField: boolean): void {
    const secret = isField || this.#isFormKnown || root !== 'parameters' ? NAMED : USED;
    if (root === 'parameters' || isField) set(this.#parameters, name, secret);
    if (root !== 'parameters' || isField) set(this.#data, name, secret);
  }
}

/** Between the names of what is a secret inside of something else. */
const SEPARATOR = '\n';

/** Looks up what is known of a value, or of one that it is inside of. */
function lookUp(table: ReadonlyMap<string, Secret>, members: readonly string[]): Secret | undefined {
  return table.get(members[0] ?? '') ?? (members.length > 1 ? table.get(members.join(SEPARATOR)) : undefined);
}

function set(table: Map<string, Secret>, name: string, secret: Secret): void {
  if (!table.has(name)) table.set(name, secret);
}

function presumed(name: string): Secret | undefined {
  if (isPublicCommon(name, undefined)) return undefined;
  return looksSecret(name) ? NAMED : PRESUMED;
}

/** Checks if an answer, by its own name for it, brings a secret. */
export function isSecretAnswer({ root, members }: Pick<Reference, 'root' | 'members'>): boolean {
  if (root !== 'body' && root !== 'headers') return false;
  const last = members.at(-1);
  return last !== undefined && (looksSecret(last) || (root === 'headers' && /^(set-)?cookie$/i.test(last)));
}
