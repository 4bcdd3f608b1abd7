import { readFileSync } from 'node:fs';

/** The package's own version. */
export function version(): string {
  return manifest().version;
}

/** The least version of Node.js that the package runs on, such as `20.19`. */
export function leastNode(): string {
  return manifest().engines.node.replace(/^>=/, '');
}

/** The bundle and the sources lie equally deep below package.json. */
function manifest(): { readonly version: string; readonly engines: { readonly node: string } } {
  return JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
}
