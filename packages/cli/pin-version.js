// Writes the version of the packages where a project's workflow and the pages name it: `node packages/cli/pin-version.js`,
// which `pnpm release` does after the versions were raised.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');
const { version } = JSON.parse(readFileSync(join(import.meta.dirname, 'package.json'), 'utf8'));

for (const file of ['scaffold/.github/workflows/connector.yml', 'docs/how-to/ci.md']) {
  const text = readFileSync(join(root, file), 'utf8');
  writeFileSync(join(root, file), text.replace(/@connectorkit\/cli@\d+\.\d+\.\d+/g, `@connectorkit/cli@${version}`));
}
