import type { Path, Place } from '../diagnostics.ts';
import { isObject, type JSONObject, valueAt } from '../json.ts';
import type { Connection } from '../project/project.ts';
import { valueIn } from '../runtime/prepare.ts';
import type { StepRecord } from '../runtime/records.ts';
import type { Run } from '../runtime/run.ts';
import { CREATE_TYPES } from '../sections/create-types.ts';

/** Part of a section that a test can reach. */
export interface Reachable {
  readonly kind: 'step' | 'condition' | 'valid' | 'error' | 'expression';
  /** The step that it belongs to; what all steps share belongs to none. */
  readonly step: string;
  /** Which way it goes, where it is a branch: true or false, a status, or `message` for what is told otherwise. */
  readonly branch?: string;
  readonly path: Path;
  readonly place: Place;
  /** Number of times that tests reached it. */
  readonly hits: number;
}

/** Coverage of a section by tests, in the order of the section. */
export interface CoverageReport {
  readonly section: 'api';
  readonly file: string;
  readonly total: number;
  readonly reached: number;
  readonly missing: readonly Omit<Reachable, 'hits'>[];
}

/** Collects what tests reach of a connection. */
export interface Coverage {
  /** Counts what a run reached. */
  add(run: Run): void;
  /** Returns all that can be reached, in the order of the section. */
  all(): readonly Reachable[];
  report(): CoverageReport | undefined;
  readonly connection: Connection;
}

/** Part of a section while its hits are counted. */
type Counted = Omit<Reachable, 'hits' | 'place'> & { hits: number };

/** Makes a table of everything that tests can reach: steps, the ways of conditions, of `valid` and `error`, and expressions. */
export function coverageOf(connection: Connection): Coverage {
  const source = connection.sections.api;
  const api = source === undefined ? undefined : valueIn(connection, 'api');
  const items = new Map<string, Counted>();
  const add = (item: Omit<Counted, 'hits'>) =>
    items.set(keyOf(item.path, item.kind, item.branch), { ...item, hits: 0 });
  for (const { step, path, value } of declaredIn(api, connection)) addRequest(step, path, value, add);
  if (isObject(api) && CREATE_TYPES[connection.type].kind === 'oauth1') addExpressions('', ['oauth'], api.oauth, add);
  const hit = (path: Path, kind: Reachable['kind'], branch?: string) => {
    const item = items.get(keyOf(path, kind, branch));
    if (item !== undefined) item.hits++;
  };
  const all = () =>
    [...items.values()]
      .map((item): Reachable => ({ ...item, place: source?.locate(item.path) ?? NOWHERE }))
      .sort((a, b) => a.place.line - b.place.line || a.place.column - b.place.column);
  return {
    connection,
    add: (run) => {
      for (const record of run.records) count(record, api, hit);
    },
    all,
    report: () => (source === undefined ? undefined : reportOf(source.file, all())),
  };
}

const NOWHERE: Place = { line: 1, column: 1, endLine: 1, endColumn: 1 };

function keyOf(path: Path, kind: string, branch = ''): string {
  return JSON.stringify([kind, branch, path]);
}

interface DeclaredStep {
  readonly step: string;
  readonly path: Path;
  readonly value: JSONObject;
}

/** Returns every request that is declared, as a run finds them. */
function declaredIn(api: unknown, { type }: Connection): DeclaredStep[] {
  const { kind } = CREATE_TYPES[type];
  const requests = (name: string, value: unknown, path: Path): DeclaredStep[] => {
    if (!Array.isArray(value)) return isObject(value) ? [{ step: name, path, value }] : [];
    return value.flatMap((each, index) =>
      isObject(each) ? [{ step: `${name}[${index + 1}]`, path: [...path, index], value: each }] : [],
    );
  };
  if (kind === 'basic') return requests('request', api, []);
  const steps = Object.entries(isObject(api) ? api : {}).filter(([name]) => kind !== 'oauth1' || name !== 'oauth');
  return steps.flatMap(([name, value]) => requests(name, value, [name]));
}

type Add = (item: Omit<Counted, 'hits'>) => void;

function addRequest(step: string, path: Path, value: JSONObject, add: Add): void {
  add({ kind: 'step', step, path });
  const both = (kind: 'condition' | 'valid', at: Path) => {
    for (const branch of ['true', 'false']) add({ kind, step, path: at, branch });
  };
  const response: JSONObject = isObject(value.response) ? value.response : {};
  if (value.condition !== undefined) both('condition', [...path, 'condition']);
  if (response.valid !== undefined) both('valid', [...path, 'response', 'valid']);
  for (const branch of branchesOf(response.error))
    add({ kind: 'error', step, path: [...path, 'response', 'error'], branch });
  addExpressions(step, path, value, add);
}

/** Returns the statuses that have words of their own, and `message` where there are words for all others. */
function branchesOf(error: unknown): string[] {
  if (error === undefined) return [];
  if (!isObject(error)) return [GENERAL];
  const statuses = Object.keys(error).filter((name) => /^\d{3}$/.test(name));
  return [...statuses, ...(error.message === undefined ? [] : [GENERAL])];
}

const GENERAL = 'message';

function addExpressions(step: string, path: Path, value: unknown, add: Add): void {
  if (typeof value === 'string' && value.includes('{{')) add({ kind: 'expression', step, path });
  if (Array.isArray(value))
    for (const [index, item] of value.entries()) addExpressions(step, [...path, index], item, add);
  if (!isObject(value)) return;
  for (const [name, each] of Object.entries(value)) {
    // What is logged is never evaluated.
    if (name !== 'log') addExpressions(step, [...path, name], each, add);
  }
}

type Hit = (path: Path, kind: Reachable['kind'], branch?: string) => void;

function count(record: StepRecord, api: unknown, hit: Hit): void {
  const { path, outcome, holds, problem, answer, evaluations } = record;
  if (outcome !== 'skipped' && holds !== false) hit(path, 'step');
  if (holds !== undefined) hit([...path, 'condition'], 'condition', String(holds));
  const isRefused = problem?.code === 'run/refused' || problem?.code === 'run/denied';
  const response = [...path, 'response'];
  if (isRefused || outcome === 'done') hit([...response, 'valid'], 'valid', String(!isRefused));
  if (isRefused) {
    const error = valueAt(api, [...response, 'error']);
    const status = String(answer?.statusCode ?? '');
    hit([...response, 'error'], 'error', isObject(error) && Object.hasOwn(error, status) ? status : GENERAL);
  }
  for (const each of evaluations) hit(each.path, 'expression');
}

function reportOf(file: string, all: readonly Reachable[]): CoverageReport {
  const missing = all.filter(({ hits }) => hits === 0).map(({ hits: _, ...item }) => item);
  return { section: 'api', file, total: all.length, reached: all.length - missing.length, missing };
}

/** Returns the coverage of a connection in words: a line for the section, and one for each place that no test reached. */
export function coverageLines(coverage: Coverage): string[] {
  const report = coverage.report();
  if (report === undefined) return [];
  const { file, total, reached, missing } = report;
  const share = total === 0 ? 100 : Math.floor((1000 * reached) / total) / 10;
  return [
    `${file}: tests reach ${reached} of ${total} (${share} %)`,
    ...missing.map(({ place, ...item }) => `  ${`${place.line}:${place.column}`.padEnd(8)} ${WORDS[item.kind](item)}`),
  ];
}

type Words = (item: Pick<Reachable, 'step' | 'branch' | 'path'>) => string;

const WORDS: Readonly<Record<Reachable['kind'], Words>> = {
  step: ({ step }) => `${step} never runs`,
  condition: ({ step, branch }) => `the condition of ${step} is never ${branch}`,
  valid: ({ step, branch }) => `valid of ${step} is never ${branch}`,
  error: ({ step, branch }) => `${step} is never refused with ${branch === GENERAL ? 'the general message' : branch}`,
  expression: ({ path }) => `${path.join('.')} is never evaluated`,
};

/** Returns the coverage in LCOV’s format: steps as functions, their ways as branches, expressions as lines. Source: `man geninfo`. */
export function lcovOf(coverage: Coverage): string {
  const report = coverage.report();
  if (report === undefined) return '';
  const all = coverage.all();
  const steps = all.filter(({ kind }) => kind === 'step');
  const branches = all.filter(({ branch }) => branch !== undefined);
  const lines = new Map<number, number>();
  for (const { kind, place, hits } of all) {
    // Of several on a line, the one that was reached least says whether the line was.
    if (kind === 'step' || kind === 'expression') lines.set(place.line, Math.min(lines.get(place.line) ?? hits, hits));
  }
  const isHit = ({ hits }: Reachable) => hits > 0;
  return `${[
    `TN:${coverage.connection.id.replace(/\W/g, '_')}`,
    `SF:${report.file}`,
    ...steps.map(({ step, place }) => `FN:${place.line},${step}`),
    ...steps.map(({ step, hits }) => `FNDA:${hits},${step}`),
    `FNF:${steps.length}`,
    `FNH:${steps.filter(isHit).length}`,
    ...branchLines(branches),
    `BRF:${branches.length}`,
    `BRH:${branches.filter(isHit).length}`,
    ...[...lines].map(([line, hits]) => `DA:${line},${hits}`),
    `LF:${lines.size}`,
    `LH:${[...lines.values()].filter((hits) => hits > 0).length}`,
    'end_of_record',
  ].join('\n')}\n`;
}

/** Returns the lines of branches, which are numbered: those of one directive are a block. */
function branchLines(branches: readonly Reachable[]): string[] {
  const blocks = new Map<string, number>();
  let branch = 0;
  return branches.map(({ kind, path, place, hits }) => {
    const key = keyOf(path, kind);
    branch = blocks.has(key) ? branch + 1 : 0;
    const block = blocks.get(key) ?? blocks.size;
    blocks.set(key, block);
    return `BRDA:${place.line},${block},${branch},${hits}`;
  });
}
