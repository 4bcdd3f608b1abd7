import { posix } from 'node:path';
import GithubSlugger from 'github-slugger';
import MarkdownIt, { type Token } from 'markdown-it';
import type { Finding, HouseRule, Tree } from './tree.ts';

const markdown = new MarkdownIt({ html: true });

/** Where the repository is read on the web; what follows is a path of it. */
const REPOSITORY = /^https:\/\/github\.com\/connectorkit\/connectorkit(?:\/(?:blob|tree)\/main\/([^#]*))?(#.*)?$/;

/** Pages of the repository on the web that no file stands for. */
const ELSEWHERE =
  /^https:\/\/github\.com\/connectorkit\/connectorkit\/(?:issues|security|actions|releases|discussions)\b/;

interface Link {
  readonly line: number;
  readonly href: string;
}

/** Checks that each link of a page leads to a file of the repository, and to a heading there where it names one. */
function checkLinks(tree: Tree): Finding[] {
  const anchors = new Map<string, ReadonlySet<string>>();
  const anchorsOf = (page: string) => {
    const known = anchors.get(page) ?? headingsOf(tree.text(page));
    anchors.set(page, known);
    return known;
  };
  const folders = new Set(['.', ...tree.paths.flatMap(foldersOf)]);
  return tree.paths.filter(isPage).flatMap((page) =>
    linksOf(tree.text(page)).flatMap(({ line, href }) => {
      const target = targetOf(page, href);
      if (target === undefined) return [];
      const [path, anchor] = target;
      if (!tree.has(path) && !folders.has(path)) return [`${page}:${line} ${href} leads to no file; correct the path`];
      if (anchor === '' || !isPage(path) || anchorsOf(path).has(anchor)) return [];
      return [`${page}:${line} ${href} names a heading that ${path} does not have; correct what follows #`];
    }),
  );
}

/** Checks that each page of the documentation is listed in the index of its folder, from which the site's menu is made. */
function checkListed(tree: Tree): Finding[] {
  const pages = tree.paths.filter((path) => /^docs\/[^/]+\/[^/]+\.md$/.test(path) && !path.endsWith('/index.md'));
  return pages.flatMap((page) => {
    const index = `${posix.dirname(page)}/index.md`;
    const listed = tree.has(index) && tree.text(index).includes(`](${posix.basename(page)})`);
    return listed ? [] : [`${page}:1 is not listed in ${index}; add it where readers would look for it`];
  });
}

function isPage(path: string): boolean {
  return path.endsWith('.md');
}

function foldersOf(path: string): string[] {
  const parts = path.split('/').slice(0, -1);
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
}

/** The path from the root and the anchor of a link within the repository; undefined for all others. */
function targetOf(page: string, href: string): readonly [path: string, anchor: string] | undefined {
  if (ELSEWHERE.test(href)) return undefined;
  const onWeb = REPOSITORY.exec(href);
  if (onWeb !== null)
    return [(onWeb[1] ?? 'README.md').replace(/\/$/, ''), (onWeb[2] ?? '').slice(1).replace(/^readme$/, '')];
  if (/^[a-z]+:|^\/\//.test(href)) return undefined;
  const [path = '', anchor = ''] = decodeURI(href).split('#');
  const found = path === '' ? page : posix.normalize(posix.join(posix.dirname(page), path)).replace(/\/$/, '');
  return [found, anchor];
}

function linksOf(text: string): Link[] {
  return markdown.parse(text, {}).flatMap((block) => {
    const links = inlines(block).filter(({ type }) => type === 'link_open' || type === 'image');
    return links.map((link) => ({
      line: (block.map?.[0] ?? 0) + 1,
      href: String(link.attrGet('href') ?? link.attrGet('src')),
    }));
  });
}

/** The anchors of a page's headings, as GitHub and the site make them. */
function headingsOf(text: string): ReadonlySet<string> {
  const slugger = new GithubSlugger();
  const blocks = markdown.parse(text, {});
  const titles = blocks.flatMap((block, index) => (blocks[index - 1]?.type === 'heading_open' ? [block] : []));
  const words = (block: Token) =>
    inlines(block).map(({ type, content }) => (/^(text|code_inline)$/.test(type) ? content : ''));
  return new Set(titles.map((title) => slugger.slug(words(title).join(''))));
}

function inlines({ children }: Token): readonly Token[] {
  return children ?? [];
}

export const LINKS: readonly HouseRule[] = [
  {
    name: 'links of pages lead somewhere',
    check: checkLinks,
    bad: [
      [{ 'docs/a.md': '\n[b](b.md)' }, 'docs/a.md:2 b.md leads to no file'],
      [{ 'a.md': '![b](b.svg)' }, 'a.md:1 b.svg leads to no file'],
      [{ 'a.md': '[b](b.md#c)', 'b.md': '# B' }, 'a.md:1 b.md#c names a heading that b.md does not have'],
      [{ 'a.md': '# A\n\n[a](#b)' }, 'a.md:3 #b names a heading'],
      [
        {
          'a.md': '[b](https://github.com/connectorkit/connectorkit/blob/main/b.md)',
        },
        'a.md:1',
      ],
    ],
    good: [
      {
        'a/a.md': '[b](../b.md#the-b-of-c) [a](#a) [x](https://a.example/b.md) [folder](..)\n\n# A',
        'b.md': '## The `b` of *C*',
      },
      { 'a.md': '```md\n[b](b.md)\n```\n\n`[b](b.md)`' },
      { 'a.md': '[b](https://github.com/connectorkit/connectorkit/blob/main/b/c.md) [b](b/)', 'b/c.md': '' },
    ],
  },
  {
    name: 'pages of the documentation are in an index',
    check: checkListed,
    bad: [[{ 'docs/how-to/a.md': '', 'docs/how-to/index.md': '[b](b.md)' }, 'docs/how-to/a.md:1 is not listed']],
    good: [{ 'docs/how-to/a.md': '', 'docs/how-to/index.md': '- [A](a.md)', 'docs/tutorial.md': '' }],
  },
];
