import { HighlightStyle, StreamLanguage, syntaxHighlighting } from '@codemirror/language';
import { json } from '@codemirror/legacy-modes/mode/javascript';
import { type Diagnostic as Lint, lintGutter, setDiagnostics } from '@codemirror/lint';
import { EditorState, type Extension, type Text } from '@codemirror/state';
import {
  Decoration,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  lineNumbers,
  MatchDecorator,
  ViewPlugin,
  type ViewUpdate,
} from '@codemirror/view';
import type { Diagnostic } from '@connectorkit/sdk';
import { tags } from '@lezer/highlight';

/** A place in a text; lines and columns count from 1. */
export interface LineAndColumn {
  readonly line: number;
  readonly column?: number | undefined;
}

/** An editor that shows a text. */
export interface Editor {
  /** Selects a place, brings it into view, and moves the focus there. */
  goTo(place: LineAndColumn): void;
  destroy(): void;
}

/**
 * Shows JSON with comments, and what is wrong with it at its place. In a shadow tree: there the editor gives its styles
 * to the browser as objects, which the security policy allows.
 */
export function showText(host: HTMLElement, text: string, label: string, problems: readonly Diagnostic[]): Editor {
  const root = host.shadowRoot ?? host.attachShadow({ mode: 'open' });
  const extensions: Extension = [
    lineNumbers(),
    highlightActiveLine(),
    highlightActiveLineGutter(),
    StreamLanguage.define(json),
    syntaxHighlighting(COLORS),
    expressions,
    lintGutter(),
    EditorState.readOnly.of(true),
    EditorView.lineWrapping,
    EditorView.contentAttributes.of({ 'aria-label': label, 'aria-readonly': 'true' }),
    LOOK,
  ];
  const view = new EditorView({ state: EditorState.create({ doc: text, extensions }), parent: root, root });
  view.dispatch(
    setDiagnostics(
      view.state,
      problems.map((each) => lintOf(each, view.state.doc)),
    ),
  );
  return {
    goTo: (place) => {
      const at = offsetOf(view.state.doc, place);
      const { to } = view.state.doc.lineAt(at);
      view.dispatch({ selection: { anchor: at, head: to }, effects: EditorView.scrollIntoView(at, { y: 'center' }) });
      view.focus();
    },
    destroy: () => view.destroy(),
  };
}

function offsetOf(doc: Text, { line, column = 1 }: LineAndColumn): number {
  const { from, to } = doc.line(Math.min(Math.max(1, line), doc.lines));
  return Math.min(from + column - 1, to);
}

function lintOf({ line = 1, column, endLine, endColumn, severity, message, hint }: Diagnostic, doc: Text): Lint {
  const from = offsetOf(doc, { line, column });
  const to = endLine === undefined ? doc.lineAt(from).to : offsetOf(doc, { line: endLine, column: endColumn });
  return { from, to: Math.max(from, to), severity, message: hint === undefined ? message : `${message} ${hint}` };
}

const marks = new MatchDecorator({ regexp: /\{\{.*?\}\}/g, decoration: Decoration.mark({ class: 'expression' }) });

/** Marks the expressions in strings. */
const expressions = ViewPlugin.define(
  (view) => ({
    marked: marks.createDeco(view),
    update(update: ViewUpdate) {
      this.marked = marks.updateDeco(update, this.marked);
    },
  }),
  { decorations: ({ marked }) => marked },
);

const COLORS = HighlightStyle.define([
  { tag: tags.propertyName, color: 'var(--accent)' },
  { tag: tags.string, color: 'var(--good)' },
  { tag: [tags.number, tags.bool, tags.null, tags.atom], color: 'var(--warn)' },
  { tag: tags.comment, color: 'var(--quiet)', fontStyle: 'italic' },
]);

const LOOK = EditorView.theme({
  '&': { color: 'var(--ink)', backgroundColor: 'var(--ground)', fontSize: '13px' },
  '&.cm-focused': { outline: '2px solid var(--accent)' },
  '.cm-scroller': { fontFamily: 'ui-monospace, monospace', maxHeight: '70vh' },
  '.cm-gutters': { backgroundColor: 'var(--raised)', color: 'var(--quiet)', borderColor: 'var(--line)' },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'var(--raised)' },
  '.cm-content': { caretColor: 'var(--ink)' },
  '&.cm-focused > .cm-scroller .cm-selectionBackground, ::selection': { backgroundColor: 'var(--mark)' },
  '.expression': { fontWeight: '600' },
  '.cm-tooltip': { backgroundColor: 'var(--raised)', color: 'var(--ink)', borderColor: 'var(--line)' },
});
