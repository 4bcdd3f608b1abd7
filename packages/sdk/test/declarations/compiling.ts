import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll } from 'vitest';
import { openProject, type Project } from '../../src/index.ts';

const require = createRequire(import.meta.url);
const folders: string[] = [];
afterAll(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** The compilers under which declarations must hold. */
export const COMPILERS = ['typescript', 'typescript-5.9'] as const;

/** What the compiler says of these files, under `strict`; nothing when all is well. */
export function complaints(compiler: (typeof COMPILERS)[number], files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'declarations-'));
  folders.push(folder);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const compilerOptions = {
    noEmit: true,
    strict: true,
    exactOptionalPropertyTypes: true,
    target: 'es2022',
    module: 'nodenext',
    types: [],
  };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions }));
  const tsc = join(dirname(require.resolve(`${compiler}/package.json`)), 'bin', 'tsc');
  try {
    execFileSync(process.execPath, [tsc, '-p', folder], { encoding: 'utf8' });
    return '';
  } catch (error) {
    return String((error as { stdout?: unknown }).stdout);
  }
}

/** The project in a folder of this repository, to be read. */
export function projectIn(folder: string): Project {
  const root = join(import.meta.dirname, '../../../..', folder);
  const orNothing = <T>(read: () => T, nothing: T): T => {
    try {
      return read();
    } catch {
      return nothing;
    }
  };
  return openProject({
    read: (path) => orNothing<string | undefined>(() => readFileSync(join(root, path), 'utf8'), undefined),
    list: (path) =>
      orNothing<string[]>(
        () =>
          readdirSync(join(root, path), { withFileTypes: true })
            .map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name))
            .sort(),
        [],
      ),
    write: () => {
      throw new Error('It is only read.');
    },
    rename: () => {
      throw new Error('It is only read.');
    },
    remove: () => {
      throw new Error('It is only read.');
    },
  });
}

/** The templates and examples, by their folders. */
export const SHIPPED = ['templates', 'examples'].flatMap((shelf) =>
  readdirSync(join(import.meta.dirname, '../../../..', shelf), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => `${shelf}/${name}`),
);
