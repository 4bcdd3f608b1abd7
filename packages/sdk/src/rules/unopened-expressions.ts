import type { Declared } from '../analysis/declared.ts';
import { unopenedIn } from '../analysis/requests.ts';
import type { Report, Rule } from './rule.ts';

/** The end of an expression: a path or a call, and braces. */
const ENDING =
  /(?:^|[^\w.`])((?:parameters|common|data|connection|temp|oauth|body|headers|query)[.[][^{}]*|(?:statusCode|now|uuid|timestamp)|[A-Za-z]\w*\([^{}]*\)[^{}]*)\}\}/;

function checkOpened(connection: Declared, report: Report): void {
  for (const { section, path, template } of unopenedIn(connection)) {
    for (const part of template.parts) {
      const match = part.kind === 'text' ? ENDING.exec(part.text) : null;
      if (match === null) continue;
      const offset = part.offset + match.index + match[0].length - 2;
      report({
        section,
        path,
        span: { offset, end: offset + 2 },
        message: 'An expression is closed here but not opened: the text is sent as it is.',
        hint: 'Write {{ before it.',
        found: '}}',
        expected: '{{',
      });
    }
  }
}

const url = 'https://api.example.com/v1/me';

export const UNOPENED_EXPRESSION_RULES = [
  {
    code: 'expression/not-opened',
    severity: 'warning',
    title: 'an expression that is closed but not opened',
    why: 'Only text between {{ and }} is evaluated. With one brace, or none, the text itself is sent.',
    remedy: 'Write {{ before the expression.',
    check: checkOpened,
    bad: () => ({ type: 'other', sections: { api: { url, qs: { id: '{parameters.id}}' } } } }),
    good: () => ({ type: 'other', sections: { api: { url, qs: { id: '{{parameters.id}}' } } } }),
  },
] as const satisfies readonly Rule[];
