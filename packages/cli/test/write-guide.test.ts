import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { run, temporaryFolder } from './connector.ts';

/* docs/how-to/write.md from its own text: the files are written and the commands are run in the page's order. */

test('a connection that is written by hand is valid and passes its tests', async () => {
  const page = readFileSync(new URL('../../../docs/how-to/write.md', import.meta.url), 'utf8');
  let cwd = temporaryFolder();
  let said = '';
  const files: string[] = [];
  for (const [, language, more = '', text = ''] of page.matchAll(/^```(\w+) ?([^\n]*)\n(.*?)^```$/gms)) {
    const [, file] = /^\[(.*)\]$/.exec(more) ?? [];
    if (file !== undefined) {
      // It takes the place of what the template has there.
      expect(readFileSync(join(cwd, file), 'utf8')).not.toBe(text);
      writeFileSync(join(cwd, file), text);
      files.push(file);
    }
    if (language !== 'sh' || more === 'not-run') continue;
    for (const line of text.trim().split('\n')) {
      const [, ...args] = line.split(' ');
      if (line.startsWith('cd ')) cwd = join(cwd, args[0] ?? '');
      else {
        const { code, stdout, stderr } = await run(args, { cwd });
        said += stdout + stderr;
        expect(code, `${line}: ${stdout}${stderr}`).toBe(0);
      }
    }
  }
  expect(files).toHaveLength(3);
  expect(said).toContain('No problems in 1 connection.');
  expect(said).toContain('2 cases passed in 1 file of 1 connection.');
});
