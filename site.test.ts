import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, extname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { HAS_CHROMIUM, IN_CHROMIUM, useChromium } from './packages/cli/test/chromium.ts';

/* The documentation, built into its site: nothing in it leads nowhere, and it asks no other host for anything. */

const ROOT = fileURLToPath(new URL('.', import.meta.url));
const VITEPRESS = join(ROOT, 'node_modules/vitepress/bin/vitepress.js');

const out = realpathSync(mkdtempSync(join(tmpdir(), 'site-')));
let files: string[] = [];

beforeAll(async () => {
  const { code, output } = await new Promise<{ code: number; output: string }>((resolve) => {
    // What vitest sets would have Vite build for a test.
    const env = { ...process.env, NODE_ENV: 'production', VITEST: '', NODE_OPTIONS: '' };
    const args = [VITEPRESS, 'build', join(ROOT, 'docs'), '--outDir', out];
    execFile(process.execPath, args, { cwd: ROOT, env, maxBuffer: 1e8 }, (error, stdout, stderr) => {
      resolve({ code: Number(error?.code ?? 0), output: `${stdout}${stderr}` });
    });
  });
  if (code !== 0) throw new Error(output);
  const entries = readdirSync(out, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  files = paths.map((path) => path.slice(out.length + 1).replaceAll('\\', '/'));
}, 600_000);
afterAll(() => rmSync(out, { recursive: true, force: true }));

const textOf = (file: string) => readFileSync(join(out, file), 'utf8');
const unescaped = (text: string) => text.replaceAll('&amp;', '&').replaceAll('&quot;', '"');

/** The values of an attribute, each with the name of its element. */
function attributes(html: string): { element: string; name: string; value: string }[] {
  return [...html.matchAll(/<([a-z][\w-]*)([^>]*)>/g)].flatMap(([, element = '', inside = '']) =>
    [...inside.matchAll(/\s(href|src|id)="([^"]*)"/g)].map(([, name = '', value = '']) => {
      return { element, name, value: unescaped(value) };
    }),
  );
}

test('every page of docs is a page of the site', () => {
  const pages = readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => file.endsWith('.md'));
  expect(pages.length).toBeGreaterThan(35);
  expect(pages.map((page) => page.replace(/\.md$/, '.html')).filter((page) => !files.includes(page))).toEqual([]);
});

test('every link of the site leads to a page, and to a heading of it', () => {
  const html = files.filter((file) => file.endsWith('.html'));
  const found = new Map(html.map((file) => [file, attributes(textOf(file))]));
  const ids = new Map(
    [...found].map(([file, all]) => [file, new Set(all.filter(({ name }) => name === 'id').map(({ value }) => value))]),
  );
  let count = 0;
  const dead = [...found].flatMap(([file, all]) =>
    all.flatMap(({ name, value }) => {
      if (name === 'id' || /^[a-z]+:/.test(value)) return [];
      count++;
      const [path = '', anchor = ''] = decodeURI(value).split('#');
      const target =
        path === '' ? file : posix.join(path.startsWith('/') ? '' : dirname(file), path).replace(/^\//, '');
      const page = target === '' || target.endsWith('/') ? `${target}index.html` : target;
      if (!existsSync(join(out, page))) return [`${file}: ${value}`];
      const isMissing = anchor !== '' && ids.get(page)?.has(anchor) === false;
      return isMissing ? [`${file}: ${value} names no heading`] : [];
    }),
  );
  expect(count).toBeGreaterThan(2000);
  expect(dead).toEqual([]);
});

test('the site loads nothing from another host', () => {
  const loaded = files
    .filter((file) => file.endsWith('.html'))
    .flatMap((file) => attributes(textOf(file)).filter(({ element }) => element !== 'a'))
    .filter(({ name, value }) => name !== 'id' && /^(https?:)?\/\//.test(value));
  const styles = files
    .filter((file) => file.endsWith('.css'))
    .flatMap((file) => textOf(file).match(/(url\(|@import )["']?(https?:)?\/\/[^)]*/g) ?? []);
  expect([...loaded, ...styles]).toEqual([]);
});

test('expressions in double braces are shown as they are written, and not evaluated by the site', () => {
  const count = (text: string) => text.split('{{').length - 1;
  const pages = files.filter((file) => file.endsWith('.html') && file !== '404.html');
  const counts = pages.map((page) => {
    const written = readFileSync(join(ROOT, 'docs', page.replace(/\.html$/, '.md')), 'utf8');
    // Blocks of code are split into tokens.
    return { page, written: count(written.replaceAll(/^```.*?^```$/gms, '')), shown: count(textOf(page)) };
  });
  expect(counts.reduce((sum, { written }) => sum + written, 0)).toBeGreaterThan(100);
  expect(counts.filter(({ written, shown }) => shown < written)).toEqual([]);
});

describe.skipIf(!HAS_CHROMIUM)(`the site${IN_CHROMIUM}`, () => {
  const newPage = useChromium();

  test('is read and searched without another host, and fits a telephone', async () => {
    const types: Record<string, string> = {
      '.html': 'text/html',
      '.js': 'text/javascript',
      '.css': 'text/css',
      '.svg': 'image/svg+xml',
    };
    const server = createServer(({ url = '/' }, response) => {
      const path = join(out, decodeURI(new URL(url, 'http://localhost').pathname));
      const file = existsSync(path) && statSync(path).isDirectory() ? join(path, 'index.html') : path;
      if (!existsSync(file)) return void response.writeHead(404).end();
      response.writeHead(200, { 'content-type': types[extname(file)] ?? 'application/octet-stream' });
      response.end(readFileSync(file));
    }).listen(0, '127.0.0.1');
    try {
      await new Promise((resolve) => server.once('listening', resolve));
      const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      const page = await newPage();
      const wrong: string[] = [];
      page.on(
        'request',
        (request) => /^(data:|http:\/\/127\.0\.0\.1:)/.test(request.url()) || wrong.push(request.url()),
      );
      page.on('pageerror', (error) => wrong.push(String(error)));
      page.on('response', (response) => response.status() === 404 && wrong.push(`404 ${response.url()}`));
      await page.goto(base);
      await page.getByRole('link', { name: 'tutorial', exact: true }).first().click();
      await page.getByRole('heading', { name: /^Tutorial/ }).waitFor();
      await page.keyboard.press('Control+k');
      await page.getByRole('searchbox').fill('code_verifier has');
      await page.locator('.result', { hasText: 'Solve OAuth problems' }).first().click();
      await page.getByRole('heading', { name: /^Solve OAuth problems/ }).waitFor();
      await page.setViewportSize({ width: 360, height: 700 });
      for (const path of [
        '/',
        '/reference/commands.html',
        '/reference/platform-make.html',
        '/explanation/architecture.html',
      ]) {
        await page.goto(base + path);
        await page.locator('.vp-doc h1').waitFor();
        // The page is written for a browser: so is this expression.
        expect(await page.evaluate('document.documentElement.scrollWidth'), path).toBeLessThanOrEqual(360);
      }
      expect(wrong).toEqual([]);
    } finally {
      server.close();
    }
  });
});
