import { ConnectorError } from '../../diagnostics.ts';

/** How APIs and contracts of Anypoint are written in one word. */

/** An instance of an API, or of a group of APIs. */
export interface APIReference {
  readonly groupId: string;
  readonly assetId: string;
  readonly versionGroup: string;
  readonly instance: string;
  readonly ofGroup: boolean;
}

export interface ContractReference {
  /** Not there in the short form, which only the application's own team can use. */
  readonly api?: APIReference;
  readonly application: string;
  readonly contract: string;
}

const GROUP = 'group:';

/**
 * `groupId/assetId/versionGroup/instanceId`; `group:` before the last for a group's instance.
 * @throws ConnectorError refused `origin/not-found`
 */
export function readAPI(written: string): APIReference {
  const parts = written.split('/');
  const [groupId = '', assetId = '', versionGroup = '', last = ''] = parts;
  const ofGroup = last.startsWith(GROUP);
  const instance = ofGroup ? last.slice(GROUP.length) : last;
  if (parts.length !== 4 || parts.some((part) => part === '') || !/^\d+$/.test(instance)) {
    throw unreadable(written, 'an API', 'groupId/assetId/versionGroup/instanceId, with group: before a group’s');
  }
  return { groupId, assetId, versionGroup, instance, ofGroup };
}

export function writeAPI({ groupId, assetId, versionGroup, instance, ofGroup }: APIReference): string {
  return [groupId, assetId, versionGroup, `${ofGroup ? GROUP : ''}${instance}`].join('/');
}

/**
 * An API's id, `/`, the application's and the contract's: `groupId/assetId/versionGroup/instanceId/273626/379427`; or
 * the last two alone.
 * @throws ConnectorError refused `origin/not-found`
 */
export function readContract(written: string): ContractReference {
  const parts = written.split('/');
  const contract = parts.at(-1) ?? '';
  const application = parts.at(-2) ?? '';
  if (![2, 6].includes(parts.length) || !/^\d+$/.test(contract) || !/^\d+$/.test(application)) {
    throw unreadable(written, 'a contract', 'application/contract, or the API’s id before them');
  }
  const api = parts.length === 6 ? readAPI(parts.slice(0, 4).join('/')) : undefined;
  return { application, contract, ...(api === undefined ? {} : { api }) };
}

export function writeContract(api: APIReference, application: string | number, contract: string | number): string {
  return `${writeAPI(api)}/${application}/${contract}`;
}

function unreadable(found: string, what: string, form: string): ConnectorError {
  const message = `${JSON.stringify(found)} is not ${what} of Anypoint.`;
  return new ConnectorError('refused', { code: 'origin/not-found', message, hint: `Write ${form}.`, found });
}
