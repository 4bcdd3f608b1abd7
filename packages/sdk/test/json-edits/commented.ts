import fc from 'fast-check';

/** A value with its comments, which all carry its number: `// above 7` is about the value 7. */
export interface Part {
  readonly id: number;
  /** Its name, where it is a member of an object. */
  readonly key: string;
  readonly kind: 'text' | 'object' | 'list';
  readonly children: readonly Part[];
  /** The value of a text, where it is not its number. */
  readonly value?: string;
  readonly comments: {
    /** With a blank line below it. */
    readonly headings: readonly string[];
    readonly above: readonly string[];
    /** On the value's line. */
    readonly ahead: readonly string[];
    /** Before the comma. */
    readonly behind: readonly string[];
    /** Behind the comma. */
    readonly tail: readonly string[];
    /** At the end of an object or list. */
    readonly inside: readonly string[];
  };
  readonly layout: { readonly lines: boolean; readonly comma: 'behind' | 'trailing' | 'first' };
}

const line = (where: string) => (id: number) => `// ${where} ${id}`;
const block = (where: string) => (id: number) => `/* ${where} ${id} */`;
const tall = (where: string) => (id: number) => `/* ${where}\n   ${id} */`;

/** Some of these comments, most often none. */
function few(...kinds: readonly ((id: number) => string)[]) {
  return fc.oneof(
    { weight: 3, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: fc.subarray([...kinds], { minLength: 1 }) },
  );
}

const node = fc.record({
  headings: few(line('heading')),
  above: few(line('above'), block('above'), line('above too'), tall('above')),
  ahead: few(block('ahead')),
  behind: few(block('behind')),
  tail: few(block('tail'), line('tail')),
  inside: few(line('inside'), block('inside')),
  lines: fc.boolean(),
  comma: fc.constantFrom('behind', 'behind', 'trailing', 'first'),
});

interface Shape {
  readonly kind: Part['kind'];
  readonly node: typeof node extends fc.Arbitrary<infer T> ? T : never;
  readonly children: readonly Shape[];
}

const { shape } = fc.letrec<{ shape: Shape }>((tie) => ({
  shape: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.record({ kind: fc.constant('text' as const), node, children: fc.constant([]) }),
    fc.record({
      kind: fc.constantFrom('object', 'list'),
      node,
      children: fc.array(tie('shape'), { maxLength: 4 }),
    }),
  ),
}));

/** An object with comments at every place, whose parts are numbered. */
export const commented: fc.Arbitrary<Part> = fc
  .record({ node, children: fc.array(shape, { minLength: 1, maxLength: 4 }) })
  .map(({ node: own, children }) => {
    let last = 0;
    const build = ({ kind, node: at, children: inner }: Shape, isInLines: boolean): Part => {
      const id = last++;
      const lines = isInLines && at.lines;
      const texts = (makers: readonly ((id: number) => string)[]) => makers.map((maker) => maker(id));
      return {
        id,
        key: `k${id}`,
        kind,
        layout: { lines, comma: at.comma as Part['layout']['comma'] },
        comments: {
          headings: isInLines ? texts(at.headings) : [],
          above: isInLines ? texts(at.above) : [],
          ahead: texts(at.ahead),
          behind: texts(at.behind),
          tail: isInLines ? texts(at.tail) : [],
          inside: lines && kind !== 'text' ? texts(at.inside) : [],
        },
        children: inner.map((child) => {
          // No two items of a list are equal.
          const isAlike = kind === 'list' && child.children.length === 0;
          const built = build(isAlike ? { ...child, kind: 'text' } : child, lines);
          // An object in a list is known by its name, where its first member is one.
          const [first, ...others] = kind === 'list' ? built.children : [];
          if (first?.kind !== 'text' || built.kind !== 'object') return built;
          return { ...built, children: [{ ...first, key: 'name' }, ...others] };
        }),
      };
    };
    const root = build({ kind: 'object', node: { ...own, lines: true }, children }, true);
    return { ...root, comments: { ...root.comments, headings: [], above: [], ahead: [], behind: [], tail: [] } };
  });

/** The JSON value. */
export function jsonOf(part: Part): unknown {
  if (part.kind === 'text') return part.value ?? `v${part.id}`;
  if (part.kind === 'list') return part.children.map(jsonOf);
  return Object.fromEntries(part.children.map((child) => [child.key, jsonOf(child)]));
}

/** The JSON text with its comments. */
export function textOf(part: Part, eol: string, indent = ''): string {
  if (part.kind === 'text') return JSON.stringify(jsonOf(part));
  const { children, comments, layout } = part;
  const [open, close] = part.kind === 'list' ? ['[', ']'] : ['{', '}'];
  if (children.length === 0 && comments.inside.length === 0) return open + close;
  const inner = layout.lines ? `${indent}  ` : indent;
  const items = children.map((child, index) => {
    const { ahead, behind, tail } = child.comments;
    const isLast = index === children.length - 1;
    const key = part.kind === 'object' ? `${JSON.stringify(child.key)}: ` : '';
    const comma = layout.comma === 'trailing' || (layout.comma === 'behind' && !isLast) ? ',' : '';
    const first = layout.comma === 'first' && index > 0 ? ', ' : '';
    const before = [...ahead, `${key}${textOf(child, eol, inner)}`, ...behind].join(' ');
    return { child, text: [`${first}${before}${comma}`, ...tail].join(' ') };
  });
  if (!layout.lines) {
    const glue = layout.comma === 'first' ? '' : ' ';
    const space = part.kind === 'list' ? '' : ' ';
    return `${open}${space}${items.map(({ text }) => text).join(glue)}${space}${close}`;
  }
  const lines = items.flatMap(({ child, text }) => [
    ...child.comments.headings.flatMap((each) => [inner + each, '']),
    ...child.comments.above.map((each) => inner + each.replaceAll('\n', eol)),
    inner + text,
  ]);
  return [open, ...lines, ...comments.inside.map((each) => inner + each), indent + close].join(eol);
}

/** Every part below this one, with the indices that lead to it. */
export function partsIn(
  part: Part,
  at: readonly number[] = [],
): { readonly part: Part; readonly at: readonly number[] }[] {
  return part.children.flatMap((child, index) => [
    { part: child, at: [...at, index] },
    ...partsIn(child, [...at, index]),
  ]);
}

/** The path to the part that the indices lead to. */
export function pathTo(part: Part, [index, ...rest]: readonly number[]): (string | number)[] {
  const child = part.children[index ?? -1];
  if (child === undefined || index === undefined) return [];
  return [part.kind === 'object' ? child.key : index, ...pathTo(child, rest)];
}

/** The part without those for which `isGone`, whose headings stay where they stood. */
export function without(part: Part, isGone: (part: Part) => boolean): Part {
  let headings: readonly string[] = [];
  const children: Part[] = [];
  for (const child of part.children) {
    if (isGone(child)) {
      headings = [...headings, ...child.comments.headings];
      continue;
    }
    const left = without(child, isGone);
    children.push({ ...left, comments: { ...left.comments, headings: [...headings, ...left.comments.headings] } });
    headings = [];
  }
  return { ...part, children, comments: { ...part.comments, inside: [...headings, ...part.comments.inside] } };
}
