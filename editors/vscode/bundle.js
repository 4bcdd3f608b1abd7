// Makes dist/extension.cjs, and of it dist/connectorkit.vsix, which VS Code installs: a zip file with the extension and two
// descriptions of it. Source of the form: https://code.visualstudio.com/api/working-with-extensions/publishing-extension
// and what its packaging tool writes, which itself needs a newer Node.js and packages that run scripts when installed.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { strToU8, zipSync } from 'fflate';
import { rolldown } from 'rolldown';

const here = import.meta.dirname;
const dist = join(here, 'dist');
// It has the version of the command.
const { version } = JSON.parse(readFileSync(join(here, '../../packages/cli/package.json'), 'utf8'));
const manifest = { ...JSON.parse(readFileSync(join(here, 'package.json'), 'utf8')), version };
/** @param {string} path */
const read = (path) => new Uint8Array(readFileSync(join(here, path)));

const bundle = await rolldown({
  cwd: here,
  input: { extension: 'src/extension.ts' },
  platform: 'node',
  external: ['vscode'],
});
mkdirSync(dist, { recursive: true });
await bundle.write({ dir: dist, format: 'cjs', minify: true, entryFileNames: '[name].cjs', codeSplitting: false });
await bundle.close();

const { devDependencies: _, scripts: __, private: ___, ...published } = manifest;
const TYPES = { json: 'application/json', cjs: 'application/javascript', md: 'text/markdown', txt: 'text/plain' };
const types = Object.entries({ ...TYPES, vsixmanifest: 'text/xml' }).map(
  ([extension, type]) => `<Default Extension=".${extension}" ContentType="${type}"/>`,
);
const contentTypes = `<?xml version="1.0" encoding="utf-8"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">${types.join('')}</Types>
`;
const vsix = zipSync({
  '[Content_Types].xml': strToU8(contentTypes),
  'extension.vsixmanifest': strToU8(descriptionOf(manifest)),
  'extension/package.json': strToU8(`${JSON.stringify(published, undefined, 2)}\n`),
  'extension/README.md': read('README.md'),
  'extension/LICENSE.txt': read('../../LICENSE'),
  'extension/dist/extension.cjs': read('dist/extension.cjs'),
});
writeFileSync(join(dist, 'connectorkit.vsix'), vsix);

/**
 * What the editor reads of an extension before it unpacks it.
 * @param {{ name: string, version: string, publisher: string, displayName: string, description: string, categories: string[], engines: { vscode: string } }} of
 */
function descriptionOf({ name, version, publisher, displayName, description, categories, engines }) {
  return `<?xml version="1.0" encoding="utf-8"?>
<PackageManifest Version="2.0.0" xmlns="http://schemas.microsoft.com/developer/vsx-schema/2011">
  <Metadata>
    <Identity Language="en-US" Id="${name}" Version="${version}" Publisher="${publisher}"/>
    <DisplayName>${displayName}</DisplayName>
    <Description xml:space="preserve">${description}</Description>
    <Categories>${categories.join(',')}</Categories>
    <Properties>
      <Property Id="Microsoft.VisualStudio.Code.Engine" Value="${engines.vscode}"/>
      <Property Id="Microsoft.VisualStudio.Code.ExtensionKind" Value="workspace"/>
    </Properties>
    <License>extension/LICENSE.txt</License>
  </Metadata>
  <Installation>
    <InstallationTarget Id="Microsoft.VisualStudio.Code"/>
  </Installation>
  <Dependencies/>
  <Assets>
    <Asset Type="Microsoft.VisualStudio.Code.Manifest" Path="extension/package.json" Addressable="true"/>
    <Asset Type="Microsoft.VisualStudio.Services.Content.Details" Path="extension/README.md" Addressable="true"/>
    <Asset Type="Microsoft.VisualStudio.Services.Content.License" Path="extension/LICENSE.txt" Addressable="true"/>
  </Assets>
</PackageManifest>
`;
}
