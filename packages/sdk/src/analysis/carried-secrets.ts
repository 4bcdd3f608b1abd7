import { SIGNATURES } from '../iml/signatures.ts';
import type { Expression, Span } from '../iml/tree.ts';
import { isObject } from '../json.ts';
import { isCredentialHeader, looksPublic, looksSecret } from '../secrecy.ts';
import { type AddressPlace, addressPlaces, credentialsIn, isCredentialPlace, placeAt } from './credential-places.ts';
import type { Declared, NamedPlace, SectionPlace } from './declared.ts';
import { partsOf, type Reference, SPREAD, soleExpression, type Text } from './expressions.ts';
import { lazy } from './lazy.ts';
import { plainPath, writtenPath } from './log-paths.ts';
import { ofEachRequest, type Request, readsOf } from './requests.ts';
import { isSecretAnswer, type Secret, type Secrets, secretsOf } from './secrets.ts';
import { signatureIn } from './signature.ts';
import { storedValuesIn } from './stored-values.ts';

/** A secret in a place of a request or its answer that `log.sanitize` can name. */
export interface Carried {
  /** The path that names the place, as it is written there. */
  readonly logged: string;
  /** The same as paths are compared; names inside of lists count as names of what the list is. */
  readonly plain: string;
  /** True if an expression gives the names inside of the place, so that an entry for any of them may mean it. */
  readonly isOpen: boolean;
  readonly certainty: Secret['certainty'];
  /** How the expression calls it. */
  readonly words: string;
  readonly finding: Pick<SectionPlace, 'path' | 'span'> & { readonly related?: NamedPlace };
}

/** A secret in an address, for which `log.sanitize` has no path. */
export interface Addressed
  extends Pick<Carried, 'certainty' | 'words' | 'finding'>,
    Pick<AddressPlace, 'kind' | 'name'> {
  /** The expression as it is written, its braces included. */
  readonly expression: string;
}

/** Secrets of one request. */
export interface RequestSecrets {
  readonly request: Request;
  readonly carried: readonly Carried[];
  readonly addressed: readonly Addressed[];
  /**
   * True if it was found in the request alone, knowing what is secret and how requests are signed; false if other
   * requests were looked at.
   */
  readonly isOwn: boolean;
}

/** The secrets that each request of the connection and its answer carry; requests in the order of their declaration. */
export function secretsCarried(connection: Declared): Iterable<RequestSecrets> {
  return carriedIn(connection).found.values();
}

/** The secrets that a request of the connection and its answer carry. */
export function secretsCarriedBy(connection: Declared, request: Request): RequestSecrets | undefined {
  return carriedIn(connection).found.get(request);
}

interface CarriedSecrets {
  readonly secrets: Secrets;
  /** How all requests are signed. */
  readonly signing: unknown;
  readonly found: ReadonlyMap<Request, RequestSecrets>;
}

const carriedIn = lazy((connection: Declared, before: CarriedSecrets | undefined): CarriedSecrets => {
  const { api } = connection.sections;
  const [secrets, signing] = [secretsOf(connection), isObject(api) ? api.oauth : undefined];
  const changed = before?.signing === signing ? changedNames(secrets, before?.secrets) : undefined;
  const found = new Map<Request, RequestSecrets>();
  for (const [request, names] of namesOf(connection)) {
    const isSame = changed !== undefined && ![...changed].some((name) => names.has(name));
    const known = isSame ? before?.found.get(request) : undefined;
    found.set(request, known?.isOwn === true ? known : new Search(connection, secrets, request).found());
  }
  return { secrets, signing, found };
});

/** The names of which the secrets say something else than before; undefined when that may be all names. */
function changedNames(secrets: Secrets, before: Secrets | undefined): ReadonlySet<string> | undefined {
  return secrets === before ? NONE : before && secrets.namesUnlike(before);
}

const NONE: ReadonlySet<string> = new Set();

/** The names that each request reads and keeps. */
const namesOf = ofEachRequest(({ texts, path: { length } }) => {
  const names = new Set<unknown>();
  for (const { path, references } of texts) {
    for (const step of path.slice(length)) names.add(step);
    for (const { members } of references) names.add(members[0]);
  }
  return names;
});

const SENT = new Set<unknown>(['headers', 'qs', 'body']);

/** A secret, and the path by which an expression reads it. */
interface Found {
  readonly source: Reference;
  readonly secret: Secret;
}

class Search {
  readonly #connection: Declared;
  readonly #secrets: Secrets;
  readonly #request: Request;
  readonly #carried = new Map<string, Carried>();
  readonly #addressed: Addressed[] = [];
  #isOwn = true;

  constructor(connection: Declared, secrets: Secrets, request: Request) {
    this.#connection = connection;
    this.#secrets = secrets;
    this.#request = request;
  }

  found(): RequestSecrets {
    const from = this.#request.path.length;
    for (const text of this.#request.texts) {
      const part = text.path[from];
      if (SENT.has(part)) this.#addSent(text, from);
      else if (part === 'url') this.#addAddressed(text);
      else if (part === 'response') this.#addAnswered(text, text.path[from + 1]);
    }
    this.#addSignature();
    const carried = [...this.#carried.values()];
    return { request: this.#request, carried, addressed: this.#addressed, isOwn: this.#isOwn };
  }

  /** Without a digest, the signature is made of the secrets themselves. */
  #addSignature(): void {
    const { isHeader = false, plaintext } = signatureIn(this.#connection, this.#request) ?? {};
    if (plaintext === undefined || !isHeader) return;
    const names = ['request', 'headers', 'authorization'];
    this.#carried.set(plainPath(names), {
      logged: writtenPath(names),
      plain: plainPath(names),
      isOpen: false,
      certainty: 'declared',
      words: 'oauth.consumer_secret',
      finding: { path: plaintext },
    });
  }

  #addSent(text: Text, from: number): void {
    const path = text.path.slice(from);
    if (text.path.at(-1) === SPREAD && this.#addSpread(text, path.slice(0, -1))) return;
    const found = this.#secretIn(text, from);
    if (found !== undefined) this.#add(['request', ...path], text, found);
  }

  /** The secret of which a text is made that is the most certain. */
  #secretIn(text: Text, from: number): Found | undefined {
    const { sources } = text;
    if (sources.length === 0) return undefined;
    const credentials = new Set(credentialsIn(text, from));
    const likely = credentials.size === 0 ? [] : this.#secrets.among([...credentials]);
    // What is sent as something that is public was only presumed to be a secret.
    const isPublic = looksPublic(String(text.path.findLast((step) => typeof step === 'string')));
    let best: Found | undefined;
    for (const source of [...likely, ...sources]) {
      const secret = credentials.has(source) ? this.#secrets.asCredential(source) : this.#secrets.maybe(source);
      if (isPublic && secret?.presumed === true) continue;
      if (secret?.certainty === 'declared') return { source, secret };
      if (secret !== undefined && (best === undefined || best.secret.certainty === 'possible'))
        best = { source, secret };
    }
    return best;
  }

  /** The members of an object that take the place of a spread; false when no request is seen to make the object. */
  #addSpread(text: Text, outer: Text['path']): boolean {
    const [source, second] = text.sources;
    const [name, deeper] = source?.members ?? [];
    if (source === undefined || second !== undefined || name === undefined || deeper !== undefined) return false;
    const root = source.root === 'connection' ? 'data' : source.root;
    this.#isOwn = false;
    const own = storedValuesIn(this.#connection).filter((kept) => kept.root === root && kept.name === name);
    if (own.length === 0 || own.some(({ text: { path }, depth }) => path.length === depth)) return false;
    for (const { text: kept, depth, from } of own) {
      const inner = kept.path.slice(depth);
      const isHeader = outer[0] === 'headers' && isCredentialHeader(String(inner[0]));
      const found = this.#secretIn(kept, from) ?? (isHeader ? { source, secret: SENT_AS_ONE } : undefined);
      if (found !== undefined) this.#add(['request', ...outer, ...inner], text, { source, secret: found.secret });
    }
    return true;
  }

  #addAddressed(text: Text): void {
    const places = addressPlaces(text.template);
    for (const source of text.sources) {
      const place = placeAt(places, source);
      if (place === undefined) continue;
      const secret = isCredentialPlace(place) ? this.#secrets.asCredential(source) : this.#secrets.maybe(source);
      if (secret === undefined) continue;
      const { kind, name, offset, end } = place;
      this.#addressed.push({
        kind,
        name,
        expression: text.template.text.slice(offset, end),
        certainty: isDoubtful(place, source, secret) ? 'possible' : secret.certainty,
        words: wordsOf(source),
        finding: findingOf(text, source, secret),
      });
    }
  }

  #addAnswered(text: Text, directive: unknown): void {
    for (const reference of text.references) {
      if (isSecretAnswer(reference)) this.#addAnswer(text, reference, []);
    }
    if (directive !== 'data' && directive !== 'temp') return;
    const name = text.path[this.#request.path.length + 2];
    const known = typeof name === 'string' && !name.includes('{{') ? name : undefined;
    const members = text.path.slice(this.#request.path.length + 2).filter((step) => typeof step === 'string');
    const isKept = known !== undefined && this.#isSecretKept(directive, members);
    for (const source of isKept ? this.#secrets.among(text.sources) : text.sources) {
      if (source.root !== 'body' && source.root !== 'headers') continue;
      if (isKept) this.#addAnswer(text, source, []);
      else if (soleExpression(text) === source.expression) this.#addReads(text, source, directive, known);
    }
  }

  #isSecretKept(root: string, members: readonly string[]): boolean {
    return looksSecret(members.at(-1) ?? '') || this.#secrets.get({ root, members }) !== undefined;
  }

  /** Adds what is read later of an answer, or of a part of it, that is kept as it is: under a name, or as a whole. */
  #addReads(text: Text, source: Reference, root: 'data' | 'temp', name: string | undefined): void {
    this.#isOwn = false;
    for (const variable of root === 'data' ? ['data', 'connection'] : ['temp']) {
      for (const { reference } of readsOf(this.#connection, variable)) {
        const deeper = name === undefined ? reference.members : reference.members.slice(1);
        if (deeper.length === 0 || (name !== undefined && reference.members[0] !== name)) continue;
        if (this.#secrets.get(reference) !== undefined) this.#addAnswer(text, source, deeper);
      }
    }
  }

  #addAnswer(text: Text, source: Reference, deeper: readonly string[]): void {
    this.#add(['response', ...stepsOf(source.expression), ...deeper], text, { source, secret: SENT_AS_ONE });
  }

  #add(path: Text['path'], text: Text, { source, secret }: Found): void {
    const unknown = path.findIndex((step) => typeof step === 'string' && step.includes('{{'));
    const known = unknown < 0 ? path : path.slice(0, unknown);
    const plain = plainPath(known.filter((step) => typeof step === 'string'));
    const before = this.#carried.get(plain);
    if (before !== undefined && (before.certainty !== 'possible' || secret.certainty === 'possible')) return;
    const item = known.findIndex((step) => typeof step === 'number');
    const named = item < 0 ? known : known.slice(0, item);
    this.#carried.set(plain, {
      logged: writtenPath(named.filter((step) => typeof step === 'string')),
      plain,
      isOpen: unknown >= 0,
      certainty: secret.certainty,
      words: wordsOf(source),
      finding: findingOf(text, source, secret),
    });
  }
}

/**
 * Checks if a secret is doubtful: one that is only presumed is hardly part of an address; nor is all that a function
 * of the app's own takes.
 */
function isDoubtful({ kind, expression }: AddressPlace, source: Reference, { presumed }: Secret): boolean {
  return (presumed === true && kind === 'path') || isPassedOn(expression, source);
}

/** Checks if the one is in an argument of a function that is not known. */
function isPassedOn(expression: Expression, { offset, end }: Span): boolean {
  if (expression.offset > offset || expression.end < end) return false;
  if (expression.kind === 'call' && !SIGNATURES.has(expression.name)) return true;
  return partsOf(expression).some((part) => isPassedOn(part, { offset, end }));
}

const SENT_AS_ONE: Secret = { certainty: 'declared' };

function wordsOf({ root, members }: Reference): string {
  return [root, ...members].join('.');
}

function findingOf({ path }: Text, { offset, end }: Reference, { declared }: Secret): Carried['finding'] {
  return { path, span: { offset, end }, ...(declared === undefined ? {} : { related: declared }) };
}

/** The names of a path that an expression reads, and its indexes, up to a computed one. */
function stepsOf(expression: Expression): (string | number)[] {
  const steps: (string | number)[] = [];
  for (let at = expression; ; at = at.object) {
    if (at.kind === 'variable') return [at.name, ...steps.reverse()];
    if (at.kind === 'member') steps.push(at.name);
    else if (at.kind !== 'index') return [];
    else {
      if (at.index !== undefined && at.index.kind !== 'number') steps.length = 0;
      steps.push(0);
    }
  }
}
