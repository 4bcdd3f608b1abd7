import { readFileSync } from 'node:fs';

/** The package's own version. The bundle and the sources lie equally deep below package.json. */
export function version(): string {
  const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string };
  return manifest.version;
}
