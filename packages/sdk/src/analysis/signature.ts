import type { Path } from '../diagnostics.ts';
import { isObject, type JSONObject } from '../json.ts';
import type { Declared } from './declared.ts';
import type { Request } from './requests.ts';

/** The signature of a request as OAuth 1.0a makes it (RFC 5849, section 3). */
export interface Signature {
  /** True if it stands in the header Authorization; otherwise the runtime adds it to the query string or the body. */
  readonly isHeader: boolean;
  /** Where the method is chosen that writes out the secrets instead of signing with them; undefined for any other. */
  readonly plaintext: Path | undefined;
}

/** Undefined for a request that is not signed. What a request says of it stands above what all steps share. */
export function signatureIn({ sections: { api } }: Declared, { path, step, value }: Request): Signature | undefined {
  const shared = step !== undefined && isObject(api) && isObject(api.oauth) ? api.oauth : {};
  const own = isObject(value.oauth) ? value.oauth : {};
  const signing: JSONObject = { ...shared, ...own };
  if (Object.keys(signing).length === 0) return undefined;
  const at = own.signature_method === undefined ? [] : path;
  return {
    isHeader: (signing.transport_method ?? 'header') === 'header',
    plaintext: signing.signature_method === 'PLAINTEXT' ? [...at, 'oauth', 'signature_method'] : undefined,
  };
}
