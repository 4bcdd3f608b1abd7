// Writes the loops over lists as loops over indexes. Until V8 has compiled code for good, which takes it most of a
// second, every round through an iterator costs several times as much; people read and write the shorter form.
/** @typedef {{ readonly type: string, readonly start: number, readonly end: number, readonly [key: string]: any }} Node */
/** @typedef {{ readonly start: number, readonly end: number, readonly text: string }} Edit */

/** The module that tells lists from what else can be iterated: those others become lists first. */
const LISTED = '\0listed';

/**
 * For the modules that `wanted` names. What they iterate must not depend on what the loop does: a list may grow
 * meanwhile, but of a set, a map or a generator the loop sees what was there when it began.
 * @param {(id: string) => boolean} wanted
 * @returns {import('rolldown').Plugin}
 */
export function loops(wanted) {
  return {
    name: 'loops',
    resolveId: (id) => (id === LISTED ? id : null),
    load: (id) => (id === LISTED ? 'export const listed = (all) => (Array.isArray(all) ? all : [...all]);' : null),
    transform(code, id) {
      if (!wanted(id) || !/\bfor \(|(?:const|let) \[/.test(code)) return null;
      const changed = indexed(code, this.parse(code, { lang: 'ts' }));
      return changed === code ? null : `import { listed as $listed } from ${JSON.stringify(LISTED)};\n${changed}`;
    },
  };
}

/** The code with its loops over indexes. @param {string} code @param {unknown} program its syntax tree */
export function indexed(code, program) {
  return new Writer(code).text(/** @type {Node} */ (program));
}

class Writer {
  /** @param {string} code */
  constructor(code) {
    this.code = code;
    this.count = 0;
  }

  /** What a node is written as. @param {Node} node @returns {string} */
  text(node) {
    /** @type {Edit[]} */
    const edits = [];
    this.#collect(node, edits);
    let text = '';
    let at = node.start;
    for (const edit of edits.sort((a, b) => a.start - b.start)) {
      text += this.code.slice(at, edit.start) + edit.text;
      at = edit.end;
    }
    return text + this.code.slice(at, node.end);
  }

  /** @param {any} node @param {Edit[]} edits */
  #collect(node, edits) {
    if (Array.isArray(node)) for (const each of node) this.#collect(each, edits);
    if (typeof node?.type !== 'string') return;
    if (isLoop(node)) edits.push({ start: node.start, end: node.end, text: this.#loop(node) });
    else if (node.type === 'VariableDeclarator' && node.init !== null && isPlainList(node.id)) {
      edits.push({ start: node.id.start, end: node.id.end, text: this.#pattern(node.id) });
      edits.push({ start: node.init.start, end: node.init.end, text: `$listed(${this.text(node.init)})` });
    } else for (const child of Object.values(node)) if (typeof child === 'object') this.#collect(child, edits);
  }

  /** @param {Node} loop */
  #loop({ left, right, body }) {
    const own = this.count++;
    const [{ id }] = left.declarations;
    const inner = body.type === 'BlockStatement' ? this.text(body).slice(1, -1) : this.text(body);
    const list = `$list${own}`;
    const at = `$at${own}`;
    const head = `let ${at} = 0, ${list} = $listed(${this.text(right)}); ${at} < ${list}.length; ${at}++`;
    return `for (${head}) { ${left.kind} ${this.#pattern(id)} = ${list}[${at}]; ${inner} }`;
  }

  /** A pattern that takes what it wants by index. @param {Node} pattern @returns {string} */
  #pattern(pattern) {
    if (!isPlainList(pattern)) return this.text(pattern);
    const items = pattern.elements.flatMap((/** @type {Node | null} */ item, /** @type {number} */ index) =>
      item === null ? [] : [`${index}: ${this.#item(item)}`],
    );
    return `{ ${items.join(', ')} }`;
  }

  /** @param {Node} item @returns {string} */
  #item(item) {
    if (item.type !== 'AssignmentPattern') return this.#pattern(item);
    return `${this.#pattern(item.left)} = ${this.text(item.right)}`;
  }
}

/** @param {Node} node */
function isLoop({ type, await: waits, left }) {
  return type === 'ForOfStatement' && !waits && left.type === 'VariableDeclaration';
}

/** Whether a pattern takes items of a list, and no rest of it. @param {Node} pattern */
function isPlainList({ type, elements, typeAnnotation }) {
  if (type !== 'ArrayPattern' || typeAnnotation) return false;
  return elements.every((/** @type {Node | null} */ item) => item?.type !== 'RestElement');
}
