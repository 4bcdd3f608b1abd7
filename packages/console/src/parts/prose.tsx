import { lexer, type Token } from 'marked';
import type { ComponentChildren } from 'preact';

/**
 * Markdown of somebody else's. Only what is listed here becomes an element; HTML in it, images and everything else are
 * shown as text, and links lead only to web pages and mail addresses.
 */
export function Prose({ of, id }: { readonly of: string; readonly id?: string }) {
  return (
    <div class="prose" id={id}>
      {drawn(lexer(of))}
    </div>
  );
}

/** A token of marked, as far as it is used. */
type Read = Token & {
  readonly text?: string;
  readonly tokens?: Token[];
  readonly items?: readonly Token[];
  readonly ordered?: boolean;
  readonly href?: string;
};

function drawn(tokens: readonly Token[]): ComponentChildren {
  return tokens.map((token) => (ELEMENTS[token.type] ?? asText)(token as Read));
}

const within = (token: Read): ComponentChildren => (token.tokens ? drawn(token.tokens) : unescaped(token.text ?? ''));

const asText = (token: Read): ComponentChildren => token.raw;

const ELEMENTS: Readonly<Partial<Record<string, (token: Read) => ComponentChildren>>> = {
  space: () => null,
  paragraph: (token) => <p>{within(token)}</p>,
  // Headings of others would break the outline of the page.
  heading: (token) => (
    <p>
      <strong>{within(token)}</strong>
    </p>
  ),
  blockquote: (token) => <blockquote>{within(token)}</blockquote>,
  list: (token) => {
    const items = (token.items ?? []).map((item, index) => <li key={index}>{within(item as Read)}</li>);
    return token.ordered ? <ol>{items}</ol> : <ul>{items}</ul>;
  },
  code: (token) => <pre>{token.text}</pre>,
  codespan: (token) => <code>{token.text}</code>,
  strong: (token) => <strong>{within(token)}</strong>,
  em: (token) => <em>{within(token)}</em>,
  del: (token) => <del>{within(token)}</del>,
  br: () => <br />,
  hr: () => <hr />,
  text: within,
  escape: (token) => token.text,
  image: (token) => token.text,
  link: (token) => {
    const href = token.href ?? '';
    if (!/^(https?:\/\/|mailto:)/i.test(href)) return token.raw;
    return (
      <a href={href} target="_blank" rel="noopener noreferrer">
        {within(token)}
      </a>
    );
  },
};

const NAMES = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['#39', "'"],
]);

/** The text is drawn as it is, so that it must not be escaped for markup. */
function unescaped(text: string): string {
  return text.replace(/&(amp|lt|gt|quot|#39);/g, (_, name: string) => NAMES.get(name) ?? '');
}
