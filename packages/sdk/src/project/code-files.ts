import type { StoredType } from '../sections/create-types.ts';
import type { SectionName } from '../sections/index.ts';

/** Where the API stands below an origin's `baseUrl`. */
export const API = '/v2';

/**
 * Make's words for the files of a connection, and ours; the file names are those that its extension makes.
 * Source: the published types and documentation of Make's editor extension, `vscode-apps-sdk`.
 */
export const CODE_FILES = [
  { code: 'communication', section: 'api', file: 'communication.iml.json', oauth: 'oauth-communication.iml.json' },
  { code: 'params', section: 'parameters', file: 'params.iml.json' },
  { code: 'scopeList', section: 'scopes', file: 'scope-list.iml.json' },
  { code: 'defaultScope', section: 'scope', file: 'default-scope.iml.json' },
  { code: 'installSpec', section: 'installSpec', file: 'install-spec.iml.json' },
  { code: 'installDirectives', section: 'install', file: 'install-directives.iml.json' },
] as const satisfies readonly { code: string; section: SectionName; file: string; oauth?: string }[];

/** The name that Make's extension gives the file of a section. */
export function codeFileName(id: string, entry: (typeof CODE_FILES)[number], stored?: StoredType): string {
  return `${kebab(id)}.${stored === 'oauth' && 'oauth' in entry ? entry.oauth : entry.file}`;
}

/** An id as folders and files are called. */
export function kebab(id: string): string {
  return id.replace(/([a-z0-9])([A-Z])/g, '$1-$2').toLowerCase();
}
