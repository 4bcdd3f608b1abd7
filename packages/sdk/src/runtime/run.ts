import { ConnectorError, type Diagnostic, type Path } from '../diagnostics.ts';
import { isObject, type JSONObject } from '../json.ts';
import { diagnosticOf } from '../rules/runner.ts';
import { type AuthorizationKind, CREATE_TYPES } from '../sections/create-types.ts';
import { placeOf } from './address.ts';
import { type Built, build } from './build.ts';
import { type Exchanged, exchange } from './exchange.ts';
import { Evaluator } from './expressions.ts';
import { Failure } from './failure.ts';
import { asText } from './form-encoding.ts';
import { type Instance, instanceOf, type Stored, storedFrom } from './instance.ts';
import { interpret, isTrue, type Results, withTemp } from './interpret.ts';
import { type Answer, readAnswer, typeFor } from './read-answer.ts';
import type { Declared, StepOptions, StepRecord, World } from './records.ts';
import type { RunName } from './trace.ts';
import type { HttpAnswer } from './transport.ts';

/** One run: its variables, what it stores, and what happened in it. */
export class Run {
  readonly name: RunName;
  readonly world: World;
  readonly records: StepRecord[] = [];
  readonly stored: Stored;
  /** Data stored when the run began. */
  readonly before: JSONObject;
  /** Query that the browser brought back. */
  query: JSONObject | undefined;
  /** The problem that the browser returned without what a token is requested with. */
  ungranted: Failure | undefined;
  /** Instance that holds by now, also if the run fails later. */
  settled: Instance | undefined;
  readonly started: Date;
  /** By which the browser is known again. */
  readonly state: string;
  #temp: JSONObject = {};
  #requests = 0;
  /** The scope that was made last, and what it was made of: most expressions of a request see the same. */
  #scope:
    | { readonly temp: JSONObject; readonly stored: JSONObject; readonly query: unknown; readonly scope: JSONObject }
    | undefined;
  readonly #evaluator: Evaluator;
  readonly #executionId: string;

  constructor(name: RunName, world: World, instance?: Instance) {
    this.name = name;
    this.world = world;
    this.stored = storedFrom(instance);
    this.before = this.stored.data;
    this.started = world.given.now();
    this.state = Buffer.from(world.chance(32)).toString('base64url');
    this.#evaluator = new Evaluator(world.given);
    this.#executionId = world.given.uuid();
  }

  /** The requests of a step in their order; without a name those of an `api` that is requests itself. */
  requestsOf(step?: string): readonly Declared[] {
    const { api } = this.world;
    const value = step === undefined ? api : isObject(api) ? api[step] : undefined;
    const path = step === undefined ? [] : [step];
    const name = step ?? 'request';
    if (!Array.isArray(value)) return isObject(value) ? [{ name, path, value }] : [];
    return value.flatMap((each, index) =>
      isObject(each) ? [{ name: `${name}[${index + 1}]`, path: [...path, index], value: each }] : [],
    );
  }

  /** Checks if the section has the step. */
  has(step: string): boolean {
    return this.requestsOf(step).length > 0;
  }

  /**
   * Makes the requests of a step, one after the other, each if its condition is true.
   * @throws Failure at the first that fails
   */
  async step(step?: string, options: StepOptions = {}): Promise<void> {
    for (const declared of this.requestsOf(step)) {
      await this.#recorded(declared, (record) => this.#request(declared, record, options));
    }
  }

  /** Takes the browser through a step. @throws Failure, and what the visit throws */
  async browse(declared: Declared, go: (record: StepRecord) => Promise<void>): Promise<void> {
    await this.#recorded(declared, async (record) => {
      if (this.#begins(declared, record, {})) await go(record);
    });
  }

  async #recorded({ name, path, value }: Declared, work: (record: StepRecord) => Promise<void>): Promise<void> {
    const { log } = value;
    const sanitize = isObject(log) && Array.isArray(log.sanitize) ? log.sanitize.map(String) : [];
    const record: StepRecord = {
      ...{ name, path, sanitize, outcome: 'failed', decision: '', milliseconds: 0 },
      ...{ evaluations: [], exchanges: [], stored: {}, request: value },
    };
    this.records.push(record);
    this.#evaluator.evaluations = [];
    const started = this.now().getTime();
    try {
      await work(record);
      if (record.outcome === 'failed') record.outcome = 'done';
    } catch (error) {
      const problem = this.problemOf(error, path);
      if (problem !== undefined) record.problem = problem;
      throw error;
    } finally {
      record.evaluations = this.#evaluator.evaluations;
      record.milliseconds = this.now().getTime() - started;
      record.expires = this.stored.expires;
    }
  }

  async #request(declared: Declared, record: StepRecord, options: StepOptions): Promise<void> {
    const begins = this.#begins(declared, record, options);
    const { ungranted } = this;
    // A condition that is true knows what else there is to request a token with.
    if (options.needsGrant === true && ungranted !== undefined && record.holds !== true) {
      record.outcome = 'failed';
      throw ungranted;
    }
    if (!begins) return;
    const { path, value } = declared;
    const answer = value.url === undefined ? undefined : await this.#exchanged(declared, record, options);
    record.isSilent = answer === undefined;
    const response = isObject(value.response) ? value.response : {};
    const seen = answer && { body: answer.body, headers: answer.headers, statusCode: answer.statusCode };
    const results = interpret(response, {
      evaluator: this.#evaluator,
      scope: (temp) => ({ ...this.scope(temp), ...seen }),
      temp: this.#temp,
      path,
      status: answer?.statusCode ?? 200,
      isValid: answer === undefined || (answer.statusCode >= 200 && answer.statusCode < 400),
      refusal: () => refusalOf(record),
      code: 'run/refused',
    });
    this.keep(results, declared, record);
  }

  /** Evaluates `temp` and then the condition; says in the record what it decided. */
  #begins({ path, value }: Declared, record: StepRecord, { unconditional }: StepOptions): boolean {
    const before = this.#temp;
    this.#setTemp(withTemp(before, this.#evaluator.value(value.temp, this.scope(), [...path, 'temp'])), record);
    const directive = value.condition;
    const { condition, default: preset } = isObject(directive) ? directive : { condition: directive };
    if (condition === undefined) {
      record.decision = unconditional ?? 'It has no condition.';
      if (unconditional !== undefined) record.outcome = 'skipped';
      return unconditional === undefined;
    }
    const at = [...path, 'condition'];
    const found = this.#evaluator.value(condition, this.scope(), isObject(directive) ? [...at, 'condition'] : at);
    record.decision = `The condition ${asText(condition)} is ${shortly(found)}.${this.#momentsIn(condition)}`;
    record.holds = isTrue(found);
    if (record.holds) return true;
    record.outcome = 'skipped';
    // A module would give it; a connection stores nothing of it.
    this.#evaluator.value(preset, this.scope(), [...at, 'default']);
    return false;
  }

  /** The moments that a condition compares, when it is about what is stored. */
  #momentsIn(condition: unknown): string {
    const names = [...asText(condition).matchAll(/\b(?:data|connection)\.(\w+)/g)].map(([, name = '']) => name);
    const reported = [...new Set(names)].flatMap((name) => {
      const value = this.stored.data[name];
      return value instanceof Date && !Number.isNaN(value.getTime()) ? `data.${name} is ${value.toISOString()}` : [];
    });
    return reported.length === 0 ? '' : ` ${[...reported, `now is ${this.now().toISOString()}`].join(', ')}.`;
  }

  async #exchanged(declared: Declared, record: StepRecord, options: StepOptions): Promise<Answer> {
    const { path, value } = declared;
    const built = await this.#build(declared, options);
    const { transport, limits } = this.world;
    const sent = (each: Exchanged) => {
      this.#requests++;
      if (this.#requests > limits.requests) throw tooMany(limits.requests, path);
      record.exchanges.push(each);
    };
    const raw = await exchange(built, { transport, limits, now: () => this.now(), path, sent });
    const answer = readAnswer(raw, this.#typeOf(value, raw, path), path);
    record.answer = answer;
    return answer;
  }

  #typeOf(request: JSONObject, { status, headers }: HttpAnswer, path: Path): unknown {
    const { type } = isObject(request.response) ? request.response : {};
    const scope = { ...this.scope(), headers, statusCode: status };
    return typeFor(this.#evaluator.value(type, scope, [...path, 'response', 'type']), status);
  }

  #build({ path, value }: Declared, { protocol = {} }: StepOptions): Promise<Built> {
    const { api, chance } = this.world;
    const oauth = this.isOAuth1 && isObject(api) ? (isObject(api.oauth) ? api.oauth : {}) : undefined;
    return build(value, {
      evaluator: this.#evaluator,
      scope: this.scope(),
      path,
      ...(oauth === undefined ? {} : { oauth: { value: oauth, path: ['oauth'] } }),
      protocol,
      chance,
      now: () => this.now(),
    });
  }

  /** Returns the variables of expressions before there is an answer. */
  scope(temp: JSONObject = this.#temp): JSONObject {
    const known = this.#scope;
    const { data: stored } = this.stored;
    const isSame = known?.temp === temp && known.stored === stored && known.query === this.query;
    if (known !== undefined && isSame) return known.scope;
    const scope = this.#scopeWith(temp);
    this.#scope = { temp, stored, query: this.query, scope };
    return scope;
  }

  #scopeWith(temp: JSONObject): JSONObject {
    const { parameters, common, scope, redirectUri, environment } = this.world;
    const hasOAuth = this.#kind !== 'basic';
    const data = { ...parameters, ...this.stored.data };
    const uris = { localRedirectUri: redirectUri, makeRedirectUri: redirectUri, redirectUri };
    return {
      ...{ parameters, common, temp, data, connection: data, environment, executionId: this.#executionId },
      ...(hasOAuth ? { oauth: { scope, ...uris, state: this.state } } : {}),
      ...(this.query === undefined ? {} : { query: this.query }),
    };
  }

  get #kind(): AuthorizationKind {
    return CREATE_TYPES[this.world.connection.type].kind;
  }

  get isOAuth1(): boolean {
    return this.#kind === 'oauth1';
  }

  get evaluator(): Evaluator {
    return this.#evaluator;
  }

  get temp(): JSONObject {
    return this.#temp;
  }

  #setTemp(temp: JSONObject, record: StepRecord): void {
    if (temp === this.#temp) return;
    const changed = Object.entries(temp).filter(([name, value]) => this.#temp[name] !== value);
    record.stored.temp = { ...(record.stored.temp as JSONObject | undefined), ...Object.fromEntries(changed) };
    this.#temp = temp;
  }

  /** Keeps what an answer left behind. @throws Failure when that is more than a connection may store */
  keep({ temp, ...results }: Results, { path }: Declared, record: StepRecord): void {
    this.#setTemp(temp, record);
    Object.assign(record.stored, results);
    const { data, ...others } = results;
    const all = { ...this.stored.data, ...data };
    const { limits, parameters } = this.world;
    if (data !== undefined) {
      const size = Buffer.byteLength(JSON.stringify({ ...parameters, ...all }));
      if (size > limits.data) throw tooMuch(size, limits.data, path);
    }
    Object.assign(this.stored, others, { data: all });
  }

  /** Makes what was stored until now hold, however the run goes on: the tokens before may have ended. */
  settle(): void {
    if (this.stored.data !== this.before) this.settled = instanceOf(this.stored);
  }

  now(): Date {
    return this.world.given.now();
  }

  /** A failure as a problem, at the line that asked for what failed; undefined for what is a mistake of ours. */
  problemOf(error: unknown, path: Path): Diagnostic | undefined {
    const { connection } = this.world;
    if (error instanceof Failure) {
      const { code, ...finding } = error.reason;
      return {
        ...diagnosticOf({ code, severity: 'error' }, { ...finding, section: 'api' }, connection),
        connection: connection.id,
      };
    }
    // What the caller's own visit of the browser ended with.
    const [problem] = error instanceof ConnectorError ? error.diagnostics : [];
    const { api } = connection.sections;
    if (problem === undefined || api === undefined || problem.file !== undefined) return problem;
    return { ...problem, connection: connection.id, file: api.file, path, ...api.locate([...path, 'url']) };
  }
}

/** Returns the message of a refusal for which the section has none. */
function refusalOf({ exchanges, answer }: StepRecord): string {
  const call = exchanges.at(-1)?.call;
  if (call === undefined || answer === undefined || answer.statusCode < 400) return 'Response marked as invalid.';
  return `${call.method} ${placeOf(call.url)} was answered with the status ${answer.statusCode}.`;
}

function shortly(value: unknown): string {
  if (value === undefined || value === null || typeof value === 'boolean' || typeof value === 'number') {
    return String(value);
  }
  return typeof value === 'string' ? (value === '' ? 'an empty text' : 'a text') : 'a value';
}

function tooMany(limit: number, path: Path): Failure {
  return new Failure({
    code: 'run/too-many-requests',
    message: `The run made ${limit} requests, which is the limit.`,
    hint: 'Make allows 100 requests in a run: use fewer requests or redirects.',
    path: [...path, 'url'],
  });
}

function tooMuch(size: number, limit: number, path: Path): Failure {
  return new Failure({
    code: 'run/data-too-large',
    message: `The connection would store ${size} bytes, and the limit is ${limit}.`,
    hint: 'Store only what later steps use, such as the token and its expiry.',
    path: [...path, 'response', 'data'],
  });
}
