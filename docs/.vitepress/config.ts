import { cpSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { slug } from 'github-slugger';
import { defineConfig } from 'vitepress';
import { groupsOf, PARTS } from './pages.ts';

type Rule = (...args: never[]) => string;

const REPOSITORY = 'https://github.com/connectorkit/connectorkit';

/** The console's icon, written into the pages, so that no page asks for a file. */
const ICON = readFileSync(new URL('../../packages/console/src/icon.svg', import.meta.url), 'utf8');

/** A rule of the renderer whose result Vue takes as it is: the braces of IML would be expressions of Vue's. */
function withoutInterpolation(rule: Rule | undefined): Rule {
  return (...args) => (rule?.(...args) ?? '').replaceAll('{{', '&#123;&#123;');
}

/** Static site of the documentation. It loads nothing from another host: fonts and search are part of it. */
export default defineConfig({
  title: 'Connectorkit',
  description: 'Builds, checks and runs the connections of low-code connectors, without an account.',
  lang: 'en',
  head: [['link', { rel: 'icon', href: `data:image/svg+xml,${encodeURIComponent(ICON)}` }]],
  base: process.env.SITE_BASE ?? '/',
  cleanUrls: false,
  // The same anchors as on GitHub, where the pages are read as well.
  markdown: {
    anchor: { slugify: slug },
    config({ renderer: { rules } }) {
      for (const name of ['text', 'code_inline']) rules[name] = withoutInterpolation(rules[name]);
    },
  },
  themeConfig: {
    nav: [
      { text: 'Tutorial', link: '/tutorial' },
      ...PARTS.map((part) => ({ text: groupsOf(part).title, link: `/${part}/` })),
    ],
    sidebar: [
      {
        text: 'Start',
        items: [
          { text: 'Overview', link: '/' },
          { text: 'Tutorial', link: '/tutorial' },
        ],
      },
      ...PARTS.map((part) => {
        const { title, groups } = groupsOf(part);
        return {
          text: title,
          link: `/${part}/`,
          collapsed: false,
          // The reference is long.
          items: groups.map((group) => ({ ...group, collapsed: part === 'reference' })),
        };
      }),
    ],
    outline: { level: [2, 3] },
    search: { provider: 'local' },
    socialLinks: [{ icon: 'github', link: REPOSITORY }],
  },
  // Data that pages link to is part of the site as well.
  buildEnd({ srcDir, outDir }) {
    const files = readdirSync(srcDir, { recursive: true, encoding: 'utf8' }).filter(
      (file) => file.endsWith('.json') && !file.includes('.vitepress'),
    );
    for (const file of files) cpSync(join(srcDir, file), join(outDir, file));
  },
});
