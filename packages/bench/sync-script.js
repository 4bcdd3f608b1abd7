// The calls of a push, made by a bare script: it reads the project's files, compares md5 sums as the platform's own
// tools do, sends what differs and reads it back. It validates nothing, keeps nothing and asks nobody. With the folder of
// the project, and the facts of the harness beside it.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const SECTIONS = ['api', 'parameters', 'scope', 'scopes', 'install', 'installSpec'];

/** @template Item @param {Item[]} items @param {(item: Item) => Promise<void>} work */
async function inPairs(items, work) {
  const left = items.values();
  const lane = async () => {
    for (const item of left) await work(item);
  };
  await Promise.all([lane(), lane()]);
}

/** @param {string} cwd @param {{ url: string, token: string }} facts */
async function script(cwd, { url, token }) {
  const call = async (
    /** @type {string} */ method,
    /** @type {string} */ path,
    /** @type {string} */ type = '',
    body = '',
  ) => {
    const headers = { authorization: `Token ${token}`, ...(type && { 'content-type': type }) };
    const answer = await fetch(`${url}/api/v2/sdk/apps${path}`, { method, headers, ...(body && { body }) });
    const text = await answer.text();
    if (!answer.ok) throw new Error(text);
    return text;
  };
  const json = (/** @type {unknown} */ value) => /** @type {const} */ (['application/json', JSON.stringify(value)]);
  const { name } = JSON.parse(readFileSync(join(cwd, 'connector.json'), 'utf8'));
  const ids = readdirSync(join(cwd, 'connections'));
  const texts = ids.map((id) =>
    SECTIONS.map((section) => readFileSync(join(cwd, 'connections', id, `${section}.jsonc`), 'utf8')),
  );
  const { apps } = JSON.parse(await call('GET', '?all=true'));
  let app = apps.find((/** @type {{ label: string }} */ each) => each.label === name)?.name;
  const sums = async () => {
    const { accounts } = JSON.parse(await call('GET', `/${app}/1/checksum`));
    return new Map(
      accounts.map((/** @type {{ name: string, checksum: object }} */ each) => [each.name, each.checksum]),
    );
  };
  const md5 = (/** @type {string} */ text) => createHash('md5').update(text).digest('hex');
  /** @type {string[]} */
  let names = [];
  let known = new Map();
  if (app === undefined) {
    const made = { name, label: name, description: '', theme: '#6b7280', language: 'en', audience: 'global' };
    app = JSON.parse(await call('POST', '', ...json(made))).app.name;
    for (const id of ids) {
      const created = await call('POST', `/${app}/connections`, ...json({ type: 'oauth', label: id }));
      names.push(JSON.parse(created).appConnection.name);
    }
  } else {
    const [list, all] = await Promise.all([call('GET', `/${app}/connections`), sums()]);
    const { appConnections } = JSON.parse(list);
    names = ids.map((id) => appConnections.find((/** @type {{ label: string }} */ each) => each.label === id).name);
    known = all;
  }
  const different = names.flatMap((remote, at) =>
    SECTIONS.flatMap((section, index) => {
      const text = texts[at]?.[index] ?? '';
      return known.get(remote)?.[`${section}_jsonc`] === md5(text) ? [] : [{ remote, section, text }];
    }),
  );
  await inPairs(different, async ({ remote, section, text }) => {
    await call('PUT', `/connections/${remote}/${section}`, 'application/jsonc', text);
  });
  if (different.length === 0) return;
  const [after] = await Promise.all([sums(), call('GET', `/${app}/connections`)]);
  if (different.some(({ remote, section, text }) => after.get(remote)?.[`${section}_jsonc`] !== md5(text)))
    throw new Error(app);
}

const cwd = process.argv[2] ?? '.';
await script(cwd, JSON.parse(readFileSync(join(cwd, '.connector', 'harness.json'), 'utf8')));
