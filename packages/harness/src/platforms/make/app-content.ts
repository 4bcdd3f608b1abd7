import { createHash } from 'node:crypto';
import type { Operations } from '@connectorkit/sdk/platforms/make';
import { type Behaviours, Refusal } from '../../emulator.ts';
import type { ReadTransaction, WriteTransaction } from '../../store/store.ts';
import { change } from './changes.ts';
import { type App, appAt, appCommonKey, appKey, appSectionKey, docsKey, iconKey } from './records.ts';
import { readSection } from './section-text.ts';
import { settingsIn } from './settings.ts';

/** Sections of a new app; Make's own defaults are not known. */
const EMPTY: Readonly<Record<string, string>> = { base: '{}', groups: '[]', install: '{}', installSpec: '[]' };

/** Sections that Make keeps as values and writes anew. */
const VALUES: ReadonlySet<string> = new Set(['groups']);

export const behaviours: Pick<
  Behaviours<Operations>,
  | 'getAppSection'
  | 'setAppSection'
  | 'getAppCommon'
  | 'setAppCommon'
  | 'getAppDocs'
  | 'setAppDocs'
  | 'setAppIcon'
  | 'getAppIcon'
  | 'publishApp'
  | 'unpublishApp'
  | 'openAppSource'
  | 'closeAppSource'
> = {
  getAppSection: async ({ path }, tx) => {
    const { name } = await appAt(path, tx);
    const text = await tx.get<string>(appSectionKey(name, path.SDK_appSection));
    return { mediaType: 'application/jsonc', body: text ?? 'null' };
  },

  setAppSection: async ({ path, body }, tx) => {
    const app = await appAt(path, tx);
    const code = path.SDK_appSection;
    const value = readSection(body, await settingsIn(tx));
    const after = VALUES.has(code) ? JSON.stringify(value, undefined, 4) : body;
    const key = appSectionKey(app.name, code);
    const before = (await tx.get<string>(key)) ?? null;
    await tx.set(key, after);
    return { body: { change: await change(app, { group: 'app', item: app.name, code }, { before, after }, tx) } };
  },

  getAppCommon: async ({ path }, tx) => {
    const app = await appAt(path, tx);
    return { body: await commonShown(await tx.getSecret(appCommonKey(app.name)), app, tx) };
  },

  setAppCommon: async ({ path, body }, tx) => {
    const app = await appAt(path, tx);
    refuseLocked(app);
    await tx.setSecret(appCommonKey(app.name), body);
    return { body: { changed: true } };
  },

  getAppDocs: async ({ path }, tx) => {
    const { name } = await appAt(path, tx);
    return { mediaType: 'text/markdown', body: (await tx.get<string>(docsKey(name))) ?? '' };
  },

  setAppDocs: async ({ path, body = '' }, tx) => {
    const { name } = await appAt(path, tx);
    await tx.set(docsKey(name), body);
    return { body: { changed: true } };
  },

  setAppIcon: async ({ path, body }, tx) => {
    const { name } = await appAt(path, tx);
    refuseOtherImages(Buffer.from(body, 'base64'));
    await tx.set(iconKey(name), body);
    return { body: { changed: true } };
  },

  // The size is taken as it is asked for: an icon has only one here.
  getAppIcon: async ({ path }, tx) => {
    const { name } = await appAt(path, tx);
    const icon = await tx.get<string>(iconKey(name));
    if (icon === undefined) throw new Refusal('not-found', `Icon of app '${name}' not found.`);
    return { mediaType: 'image/png', body: icon, encoding: 'base64' };
  },

  publishApp: ({ path }, tx) => show(path, true, tx),
  unpublishApp: ({ path }, tx) => show(path, false, tx),
  openAppSource: ({ path }, tx) => open(path, true, tx),
  closeAppSource: ({ path }, tx) => open(path, false, tx),
};

type AppPath = Operations['getApp']['path'];
type Common = Operations['getAppCommon']['answer'];

/** The token of the page on which a public app is installed is made from its name, so that it stays the same. */
async function show(path: AppPath, shown: boolean, tx: WriteTransaction) {
  const app = await appAt(path, tx);
  await tx.set(appKey(app.name), { ...app, public: shown });
  const token = createHash('sha256').update(`invite/${app.name}`).digest('hex').slice(0, 32);
  return { body: { public: shown, inviteToken: shown ? token : null } };
}

async function open(path: AppPath, opensource: boolean, tx: WriteTransaction) {
  const app = await appAt(path, tx);
  await tx.set(appKey(app.name), { ...app, opensource });
  return { body: { changed: app.opensource !== opensource } };
}

const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const ICON_SIZE = 512;

/** @throws Refusal invalid when the bytes are no PNG of the only size that Make takes */
function refuseOtherImages(bytes: Buffer): void {
  const isPng = bytes.length >= 24 && bytes.subarray(0, PNG.length).equals(PNG);
  if (isPng && bytes.readUInt32BE(16) === ICON_SIZE && bytes.readUInt32BE(20) === ICON_SIZE) return;
  throw new Refusal('invalid', `App icon must be a PNG image of ${ICON_SIZE}x${ICON_SIZE} pixels.`);
}

export async function fillApp(name: string, tx: WriteTransaction): Promise<void> {
  for (const [section, text] of Object.entries(EMPTY)) await tx.set(appSectionKey(name, section), text);
}

export async function forgetContent(name: string, tx: WriteTransaction): Promise<void> {
  await tx.deleteAll(['make', 'app-sections', name]);
  await tx.delete(appCommonKey(name));
  await tx.delete(docsKey(name));
  await tx.delete(iconKey(name));
}

/** @throws Refusal rejected when the app is approved: from then on its common data can no longer be changed */
export function refuseLocked({ approved }: App): void {
  if (!approved) return;
  const words = 'Common data is locked: it cannot be changed after the app was approved.';
  throw new Refusal('rejected', words, { status: 403, code: 'SC403' });
}

const MASK = '••••••••';

/** Common data as it is answered: in the clear, or masked in an approved app where that reading is chosen. */
export async function commonShown(common: Common | undefined, app: App, tx: ReadTransaction): Promise<Common> {
  if (!app.approved || (await settingsIn(tx)).approved_common === 'shown') return common ?? {};
  return Object.fromEntries(Object.keys(common ?? {}).map((key) => [key, MASK]));
}
