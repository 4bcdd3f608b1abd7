import { nearest } from '@connectorkit/sdk';
import { type Check, command, type MenuItem, type Module } from '../command.ts';
import { checkName, descriptionOf, type TemplateFolder, templateNames } from '../templates.ts';

export const create = command({
  name: 'create',
  summary: 'create a connector project from a template or an example',
  positionals: {
    name: {
      describe:
        'Name of the connector: 2 to 30 lower-case letters, digits and hyphens, starting with a letter; . for the current folder',
      example: 'my-connector',
      required: true,
      check: checkName,
    },
  },
  options: {
    template: {
      type: 'string',
      value: 'name',
      describe: 'Template to start from',
      get choices() {
        return templateNames('templates');
      },
      check: nameIn('templates'),
      required: { unless: 'example' },
      example: 'api-key',
      menu: () => [...menuOf('templates'), ...menuOf('examples')],
    },
    example: {
      type: 'string',
      value: 'name',
      describe: 'Example to start from, instead of a template',
      get choices() {
        return templateNames('examples');
      },
      check: nameIn('examples'),
    },
    folder: { type: 'string', value: 'path', describe: 'Folder to create (default: ./<name>)' },
  },
  examples: [
    ['connector create my-connector --template api-key', 'a connection with an API key'],
    ['connector create my-connector --template oauth2', 'a connection with OAuth 2.0'],
    ['connector create my-connector --example github-oauth', 'a finished connector for GitHub'],
    ['connector create . --template api-key', 'in the current folder, named after it'],
  ],
  load: (): Promise<Module> => import('./create.run.ts'),
});

function menuOf(folder: TemplateFolder): MenuItem[] {
  const option = folder === 'templates' ? 'template' : 'example';
  return templateNames(folder).map((value) => ({ option, value, hint: descriptionOf(folder, value) }));
}

function nameIn(folder: TemplateFolder): Check {
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
