import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { lookUp, nearest } from '@connectorkit/sdk';
import { isDeviceName } from '@connectorkit/sdk/project';
import type { Check, MenuItem, Option } from './command.ts';

/** The folders of projects that come with the command, from which new ones are copied. */
export type TemplateFolder = 'templates' | 'examples';

/** The file that describes a template or an example; that of a template is not copied. */
const DESCRIBED_IN = { templates: 'template.json', examples: 'package.json' } as const;

/** Groups of templates, in the order in which they are offered: by what users do to connect. */
const GROUPS = {
  key: 'users paste an API key',
  password: 'users enter a user name and a password',
  browser: 'users sign in with the provider, in a browser',
  client: 'no user signs in: a client or a service account connects',
  other: 'something else',
} as const;
const EXAMPLES = 'a complete example';

/** Lists the templates or examples, in the order in which they are offered. */
export function templateNames(folder: TemplateFolder): readonly string[] {
  return menuOf(folder).map(({ value }) => value);
}

/** The templates or examples, as a menu shows them. */
export function menuOf(folder: TemplateFolder): MenuItem[] {
  const option = folder === 'templates' ? 'template' : 'example';
  const items = readdirSync(pathOf(folder), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name: value }) => {
      const file = join(pathOf(folder), value, DESCRIBED_IN[folder]);
      const { description, group = '', legacy = false } = JSON.parse(readFileSync(file, 'utf8')) as Description;
      const place = [Object.keys(GROUPS).indexOf(group), legacy ? 1 : 0, value].join(' ');
      return { place, option, value, hint: description, group: lookUp(GROUPS, group) ?? EXAMPLES };
    });
  return items.sort((a, b) => (a.place < b.place ? -1 : 1)).map(({ place: _, ...item }) => item);
}

interface Description {
  /** One line. */
  readonly description: string;
  readonly group?: string;
  /** True for what vendors had before there was something better: it stands last in its group. */
  readonly legacy?: boolean;
}

/** The folder that a template is in, absolute. */
export function templateFolder(folder: TemplateFolder | 'scaffold', name: string): string {
  return join(pathOf(folder), name);
}

/** Beside the bundle, or at the top of the repository when the sources run. */
function pathOf(folder: TemplateFolder | 'scaffold'): string {
  const beside = fileURLToPath(new URL(`./${folder}`, import.meta.url));
  return existsSync(beside) ? beside : fileURLToPath(new URL(`../../../${folder}`, import.meta.url));
}

const NAME = /^[a-z][a-z0-9-]{0,28}[a-z0-9]$/;

/** Checks the name of a new connector; a dot stands for the current folder and its name. */
export function checkName(name: string): ReturnType<Check> {
  if (name === '.') return undefined;
  const device = isDeviceName(name);
  if (NAME.test(name) && !device) return undefined;
  return {
    code: 'create/name',
    message: device
      ? `${JSON.stringify(name)} cannot be the name of a folder on Windows.`
      : `${JSON.stringify(name)} cannot be the name of a connector.`,
    hint: 'Use lower-case letters, digits and hyphens, beginning with a letter, 2 to 30 characters.',
  };
}

/** The option that names a template; asked for in a menu of `offered`, unless another option says what to make. */
export function templateOption(unless: readonly string[], offered: readonly TemplateFolder[]) {
  return {
    type: 'string',
    value: 'name',
    describe: 'Template to start from',
    get choices() {
      return templateNames('templates');
    },
    check: nameIn('templates'),
    required: { unless },
    example: 'api-key',
    menu: () => offered.flatMap(menuOf),
  } as const satisfies Option;
}

/** Checks if a name is that of a template or an example. */
export function nameIn(folder: TemplateFolder): Check {
  return (name) => {
    const names = templateNames(folder);
    if (names.includes(name)) return undefined;
    const meant = nearest(name, names);
    return {
      code: 'create/unknown-template',
      message: `There is no ${folder.slice(0, -1)} ${JSON.stringify(name)}.`,
      hint: meant === undefined ? `There are ${names.join(', ')}.` : `Did you mean ${meant}?`,
    };
  };
}
