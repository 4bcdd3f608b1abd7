import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { temporaryFolder } from './connector.ts';

/** A section `api` that nothing is wrong with, asking at this path. */
export const apiAt = (path: string) =>
  `{
  "url": "https://api.acme.test/${path}",
  "headers": { "authorization": "Bearer {{parameters.apiKey}}" },
  "response": { "metadata": { "type": "text", "value": "{{body.name}}" } },
  "log": { "sanitize": ["request.headers.authorization"] }
}
`;

export const PARAMS = '[{ "name": "apiKey", "type": "password", "label": "API key", "required": true }]\n';

/** A project in Make's own layout, and what lies where: one connection in a folder, one in two, one at the top. */
export interface MakeProject {
  /** Absolute. */
  readonly root: string;
  readonly path: (file: string) => string;
  readonly write: (file: string, text: string) => void;
  /** Writes the manifest with these entries in the place of the connections' own. */
  readonly manifest: (connections?: object, more?: object) => void;
  readonly connections: Readonly<Record<string, { label: string; connectionType?: string; codeFiles: object }>>;
}

export function makeProject(root = temporaryFolder()): MakeProject {
  const path = (file: string) => join(root, file);
  const write = (file: string, text: string) => {
    mkdirSync(dirname(path(file)), { recursive: true });
    writeFileSync(path(file), text);
  };
  const connections = {
    folder: {
      label: 'In a folder',
      connectionType: 'basic',
      codeFiles: {
        communication: 'connection/main.communication.iml.json',
        params: 'connection/main.params.iml.json',
        common: 'connection/main.common.json',
        scopeList: null,
      },
    },
    deep: {
      label: 'In two folders',
      connectionType: 'basic',
      codeFiles: { communication: './src/auth/api.json', params: 'src/forms/auth.json', common: null },
    },
    top: {
      label: 'At the top',
      connectionType: 'basic',
      codeFiles: { communication: 'top.iml.json', params: 'top.params.json', common: null },
    },
  };
  const manifest = (entries: object = {}, more: object = {}) => {
    const text = {
      fileVersion: 1,
      generalCodeFiles: { base: null, common: null, readme: null, groups: null },
      components: {
        connection: { ...connections, ...entries },
        module: { list: { label: 'List', codeFiles: { communication: 'modules/list.iml.json' } } },
        rpc: {},
        webhook: {},
        function: {},
      },
      origins: [],
      ...more,
    };
    write('makecomapp.json', `${JSON.stringify(text, undefined, 2)}\n`);
  };
  manifest();
  write('connection/main.communication.iml.json', apiAt('main'));
  write('connection/main.params.iml.json', PARAMS);
  write('connection/main.common.json', '{ "clientId": "an-id" }\n');
  write('src/auth/api.json', apiAt('deep'));
  write('src/forms/auth.json', PARAMS);
  write('top.iml.json', apiAt('top'));
  write('top.params.json', PARAMS);
  write('modules/list.iml.json', '{ "url": "/list" }\n');
  return { root, path, write, manifest, connections };
}
