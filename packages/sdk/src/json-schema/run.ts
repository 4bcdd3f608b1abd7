import type { Path } from '../diagnostics.ts';
import type { BrokenKeyword } from './validator.ts';

/** True if a value holds against a schema or a keyword; what is broken is recorded in the run. */
export type Check = (value: unknown, run: Run) => boolean;

/** One value that is checked: where in it the checks are, and what they found. */
export class Run {
  readonly found: BrokenKeyword[] = [];
  /** Of the value that is looked at. */
  readonly path: (string | number)[] = [];
  /** The resources by which the schema was reached, the outermost first; kept only where a `$dynamicRef` asks. */
  readonly resources: string[] = [];
  readonly #most: number;
  #silent = 0;

  /** @param most after so many findings the rest of a list or an object is not looked at */
  constructor(most: number) {
    this.#most = most;
  }

  /** True while nothing is reported. */
  get isSilent(): boolean {
    return this.#silent > 0;
  }

  /** Checks if further parts of the value need not be looked at: nothing is reported, and it does not hold, or enough is reported. */
  isDone(holds: boolean): boolean {
    return this.#silent > 0 ? !holds : this.found.length >= this.#most;
  }

  /** Looks at a part of the value. */
  inside(step: string | number, check: Check, value: unknown): boolean {
    this.path.push(step);
    const holds = check(value, this);
    this.path.pop();
    return holds;
  }

  /** Checks if it holds, of which nothing is reported. */
  quietly(check: Check, value: unknown): boolean {
    this.#silent++;
    const holds = check(value, this);
    this.#silent--;
    return holds;
  }

  /** Enters the resource that a schema belongs to. */
  enter<Result>(resource: string, within: () => Result): Result {
    if (this.resources.at(-1) === resource) return within();
    this.resources.push(resource);
    const result = within();
    this.resources.pop();
    return result;
  }

  /** Tells what is broken; `inner` leads from the value that is looked at to what is wrong in it. */
  tell(fault: Omit<BrokenKeyword, 'path' | 'holder'>, inner: Path = []): false {
    if (this.#silent > 0) return false;
    const { code, expected, keyword, schema, value } = fault;
    const holder = [...this.path];
    const path = inner.length === 0 ? holder : [...holder, ...inner];
    this.found.push({ code, path, expected, keyword, schema, value, holder });
    return false;
  }
}
