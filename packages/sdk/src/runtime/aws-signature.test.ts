import { expect, test } from 'vitest';
import { signedForAWS } from './aws-signature.ts';
import { Failure } from './failure.ts';

/* The examples that Amazon publishes; their keys are made up, and open nothing. */

const EXAMPLE = { key: 'AKIAIOSFODNN7EXAMPLE', secret: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' };

test('version 2: "Signing and authenticating REST requests", object GET', () => {
  const url = 'https://awsexamplebucket1.us-west-1.s3.amazonaws.com/photos/puppy.jpg';
  const call = { method: 'GET', url, headers: { date: 'Tue, 27 Mar 2007 19:36:42 +0000' } };
  const { headers } = signedForAWS(call, { ...EXAMPLE, bucket: 'awsexamplebucket1' }, { now: new Date(0), path: [] });
  expect(headers.authorization).toBe('AWS AKIAIOSFODNN7EXAMPLE:qgk2+6Sv9/oM7G3qLEjTH1a1l1g=');
});

test('version 4: "Authenticating requests: using the Authorization header", GET bucket lifecycle', () => {
  const call = { method: 'GET', url: 'https://examplebucket.s3.amazonaws.com/?lifecycle', headers: {} };
  const context = { now: new Date('2013-05-24T00:00:00Z'), path: ['aws'] };
  const { headers } = signedForAWS(call, { ...EXAMPLE, sign_version: '4' }, context);
  expect(headers.authorization).toBe(
    'AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, SignedHeaders=host;x-amz-content-sha256;x-amz-date, Signature=fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543',
  );
});

test('version 4: "Signature calculation", list of users', () => {
  const headers = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' };
  const url = 'https://iam.amazonaws.com/?Action=ListUsers&Version=2010-05-08';
  const key = { key: 'AKIDEXAMPLE', secret: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY', sign_version: 4 };
  const signed = signedForAWS({ method: 'GET', url, headers }, key, {
    now: new Date('2015-08-30T12:36:00Z'),
    path: [],
  });
  expect(signed.headers.authorization).toBe(
    'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request, SignedHeaders=content-type;host;x-amz-date, Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7',
  );
});

test('version 4: several slashes are one, except for S3', () => {
  const sign = (url: string) =>
    signedForAWS({ method: 'GET', url, headers: {} }, { ...EXAMPLE, sign_version: '4' }, { now: new Date(0), path: [] })
      .headers.authorization;
  const api = 'https://x.execute-api.eu-west-1.amazonaws.com';
  // As aws4 1.13.2, aws4fetch 1.0.20 and @smithy/signature-v4 5.7.5 sign it.
  expect(sign(`${api}/a//b`)).toBe(sign(`${api}/a/b`));
  expect(sign('https://b.s3.amazonaws.com/a//b')).not.toBe(sign('https://b.s3.amazonaws.com/a/b'));
});

test('a session is signed with the request', () => {
  const call = { method: 'GET', url: 'https://sqs.eu-west-1.amazonaws.com/', headers: {} };
  const context = { now: new Date('2020-01-01T00:00:00Z'), path: [] };
  const { headers } = signedForAWS(call, { ...EXAMPLE, session: 'tok', sign_version: '4' }, context);
  expect(headers['x-amz-security-token']).toBe('tok');
  expect(headers.authorization).toContain(
    '/20200101/eu-west-1/sqs/aws4_request, SignedHeaders=host;x-amz-date;x-amz-security-token',
  );
});

test.each([{}, { ...EXAMPLE, sign_version: '3' }])('%o cannot sign', (directive) => {
  const call = { method: 'GET', url: 'https://s3.amazonaws.com/', headers: {} };
  expect(() => signedForAWS(call, directive, { now: new Date(0), path: [] })).toThrow(Failure);
});
