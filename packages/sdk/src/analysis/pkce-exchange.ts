import type { Path } from '../diagnostics.ts';
import { evaluate } from '../iml/evaluate.ts';
import { IMLError } from '../iml/function.ts';
import type { Given } from '../iml/run.ts';
import type { Expression, Span, Template } from '../iml/tree.ts';
import { isObject, type JSONObject, lookUp } from '../json.ts';
import { nodeCrypto } from '../node-crypto.ts';
import type { Declared } from './declared.ts';
import { ReadTemplate, type Reference, referenceOf, SPREAD, soleExpression, Text } from './expressions.ts';
import { lazy } from './lazy.ts';
import { type Request, stepsOf } from './requests.ts';
import { mentions, type SentText, sentAs, writtenAt } from './sent-values.ts';

/** Value of a text, with a fixed clock and chance. */
interface EvaluatedText {
  readonly value: unknown;
  /** True if it depends on what only a run can know, for which a fixed text stands. */
  readonly open: boolean;
}

/** One of the values that may be sent as the challenge. */
export interface Candidate extends EvaluatedText {
  readonly value: string;
  /** The stretch of the challenge that gives the value. */
  readonly span: Span;
  /** The text elsewhere that makes the value, where the challenge only copies it. */
  readonly made: SentText | undefined;
}

/** A challenge that `authorize` sends. */
interface Challenge {
  readonly request: Request;
  readonly written: SentText;
  readonly candidates: readonly Candidate[];
}

/** A verifier that `token` sends. */
interface Verifier extends EvaluatedText {
  readonly written: SentText;
  /** The text that makes it, through values that are only copied. */
  readonly made: SentText;
}

/** Parameters of PKCE (RFC 7636) that the steps of a connection send. */
export interface PKCEExchange {
  readonly challenges: readonly Challenge[];
  readonly verifiers: readonly Verifier[];
  /** The texts that were kept on the way, in `temp` and in `data`. */
  readonly kept: readonly string[];
}

/** The exchange of the connection, worked out by evaluating its steps in the order in which they run. */
export const pkceExchangeOf = lazy((connection: Declared): PKCEExchange => {
  const isSent = (step: string, name: string) => stepsOf(connection, step).some((each) => mentions(each, name));
  // Most connections have nothing of it.
  if (!isSent('authorize', 'code_challenge') && !isSent('token', 'code_verifier')) return NOTHING;
  let before: PKCEExchange | undefined;
  for (let chance = 0; chance < CHANCES; chance++) {
    const exchange = new Walk(connection, chance).walk();
    const isSame = before?.verifiers.every(({ value }, index) => value === exchange.verifiers[index]?.value);
    if (isSame === true || exchange.verifiers.every(({ value }) => tells(value))) return exchange;
    before = exchange;
  }
  return before ?? NOTHING;
});

/** How often another chance is tried. */
const CHANCES = 50;

/** Checks if the hash of the verifier looks different in base64 and in base64url, so that no mistake is right by accident. */
function tells(verifier: unknown): boolean {
  if (typeof verifier !== 'string') return true;
  const hash = nodeCrypto().createHash('sha256').update(verifier).digest('base64');
  return hash.includes('+') && hash.includes('/');
}

const NOTHING: PKCEExchange = { challenges: [], verifiers: [], kept: [] };

/** A value that was kept under a name. */
interface Kept extends EvaluatedText {
  readonly made: SentText;
}

/** Variables that keep values → the directive that fills them. */
const STORES: Readonly<Record<string, string>> = { temp: 'temp', data: 'data', connection: 'data' };

/** Functions that give one of their arguments → which ones those may be. */
const CHOICES: Readonly<Record<string, (index: number, count: number) => boolean>> = {
  if: (index) => index > 0,
  ifempty: () => true,
  switch: (index, count) => index > 0 && (index % 2 === 0 || (index === count - 1 && count % 2 === 0)),
};

/** The expressions one of which gives the value of the expression. */
function alternativesOf(expression: Expression): readonly Expression[] {
  if (expression.kind === 'binary' && expression.operator === '|') {
    return [expression.left, expression.right].flatMap(alternativesOf);
  }
  const isChosen =
    expression.kind === 'call' && Object.hasOwn(CHOICES, expression.name) && lookUp(CHOICES, expression.name);
  if (expression.kind !== 'call' || !isChosen) return [expression];
  const { args } = expression;
  return args.filter((_, index) => isChosen(index, args.length)).flatMap(alternativesOf);
}

class Walk {
  readonly #connection: Declared;
  readonly #kept: Readonly<Record<string, Map<string, Kept>>> = { temp: new Map(), data: new Map() };
  readonly #challenges: Challenge[] = [];
  readonly #verifiers: Verifier[] = [];
  readonly #given: Given;
  #count = 0;

  /** @param chance another one makes other UUIDs */
  constructor(connection: Declared, chance: number) {
    this.#connection = connection;
    this.#given = {
      now: () => new Date(1_700_000_000_000),
      random: () => 0.123_456_789_012_345,
      uuid: () => uuidOf(`${chance} ${++this.#count}`),
      limits: { steps: 10_000, length: 10_000 },
    };
  }

  walk(): PKCEExchange {
    for (const step of ['preauthorize', 'authorize', 'token']) {
      for (const request of stepsOf(this.#connection, step)) {
        this.#keep('temp', request.value.temp, [...request.path, 'temp']);
        if (step === 'authorize') this.#challenge(request);
        if (step === 'token') this.#verifier(request);
        for (const store of ['temp', 'data']) {
          this.#keep(store, request.response?.[store], [...request.path, 'response', store]);
        }
      }
    }
    const kept = Object.values(this.#kept).flatMap((values) => [...values.values()].map(({ value }) => sent(value)));
    const texts = kept.filter((value): value is string => typeof value === 'string');
    return { challenges: this.#challenges, verifiers: this.#verifiers, kept: texts };
  }

  #challenge(request: Request): void {
    const written = sentAs('code_challenge', request);
    if (written === undefined) return;
    const { template } = written.text;
    const sole = soleExpression(written.text);
    const whole = [{ template, span: { offset: 0, end: template.text.length } }];
    const choices = sole === undefined ? whole : alternativesOf(sole).map((each) => alone(each, template));
    const candidates = choices.flatMap(({ template, span }) => this.#candidate(template, span, written));
    this.#challenges.push({ request, written, candidates });
  }

  #candidate(template: Template, span: Span, { text, offset }: SentText): Candidate[] {
    const part: SentText = { text: new Text('api', text.path, 'value', new ReadTemplate(template)), offset };
    const kept = this.#copied(part);
    const { value, open } = kept ?? this.#outcome(part.text);
    const challenge = sent(value);
    // What is empty is not sent.
    return typeof challenge === 'string' && challenge !== ''
      ? [{ value: challenge, open, span, made: kept?.made }]
      : [];
  }

  #verifier(request: Request): void {
    const written = sentAs('code_verifier', request);
    if (written === undefined) return;
    const { value, open, made } = this.#copied(written) ?? { ...this.#outcome(written.text), made: written };
    this.#verifiers.push({ value: sent(value), open, made, written });
  }

  /** All values under a directive are worked out before any of them can be read. */
  #keep(store: string, values: unknown, path: Path): void {
    if (!isObject(values)) return;
    const kept = Object.entries(values).map(([name, value]) => [name, this.#value(value, [...path, name])] as const);
    for (const [name, value] of kept) this.#kept[store]?.set(name, value);
  }

  #value(value: unknown, path: Path): Kept {
    const written = writtenAt(path, typeof value === 'string' ? value : '');
    if (typeof value === 'string') return this.#copied(written) ?? { ...this.#outcome(written.text), made: written };
    if (!isObject(value)) return { value, open: Array.isArray(value), made: written };
    const inner = Object.entries(value).map(([name, each]) => [name, this.#value(each, [...path, name])] as const);
    return {
      value: Object.fromEntries(inner.map(([name, { value }]) => [name, value])),
      open: inner.some(([name, { open }]) => open || name === SPREAD),
      made: written,
    };
  }

  /** Returns the kept value that the text consists of. */
  #copied({ text }: SentText): Kept | undefined {
    const sole = soleExpression(text);
    const reference = sole === undefined ? undefined : referenceOf(sole);
    return reference?.members.length === 1 ? this.#find(reference) : undefined;
  }

  #find({ root, members: [name] }: Reference): Kept | undefined {
    const store = lookUp(STORES, root);
    return store === undefined || name === undefined ? undefined : this.#kept[store]?.get(name);
  }

  /** A name in `temp` that nothing has set is empty; all else that nothing has set comes from outside. */
  #isOutside(reference: Reference): boolean {
    return this.#find(reference) === undefined && (reference.root !== 'temp' || reference.members.length === 0);
  }

  #outcome({ template, references }: Text): EvaluatedText {
    if (!references.some((each) => this.#isOutside(each))) {
      try {
        const value = evaluate(template, this.#scope(), this.#given);
        return { value, open: references.some((each) => this.#find(each)?.open === true) };
      } catch (thrown) {
        if (!(thrown instanceof IMLError)) throw thrown;
      }
    }
    return { value: this.#given.uuid() + this.#given.uuid(), open: true };
  }

  #scope(): JSONObject {
    const scope: Record<string, unknown> = {};
    for (const [variable, store] of Object.entries(STORES)) {
      const kept = [...(this.#kept[store] ?? [])].map(([name, { value }]) => [name, value] as const);
      scope[variable] = Object.fromEntries(kept);
    }
    return scope;
  }
}

/** A UUID of version 4 that anybody can foresee. */
function uuidOf(seed: string): string {
  const digits = nodeCrypto().createHash('sha256').update(seed).digest('hex');
  return digits.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, '$1-$2-4$3-8$4-$5');
}

/** The value as it is sent. */
function sent(value: unknown): unknown {
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : value;
}

/** An expression of a template, as a template of its own with the same places. */
function alone(expression: Expression, { text }: Template): { template: Template; span: Span } {
  const { offset, end } = expression;
  return {
    template: { text, parts: [{ kind: 'expression', expression, offset, end }], problems: [] },
    span: expression,
  };
}
