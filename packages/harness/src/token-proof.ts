import { createHmac } from 'node:crypto';

/**
 * Proof that the harness which listens at an address knows the control token, made without sending it: HMAC-SHA256 of
 * the address and the challenge, in base64url. The address is part of it, so that nobody can pass off the proof of
 * another harness as their own.
 * @param address IP address and port that are listened at, such as `127.0.0.1:4600`
 */
export function proofOf(controlToken: string, challenge: string, address: string): string {
  return createHmac('sha256', controlToken)
    .update(`connectorkit harness\n${address}\n${challenge}`)
    .digest('base64url');
}
