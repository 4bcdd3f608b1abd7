import { expect, test } from 'vitest';
import { proxyFor } from './proxy.ts';

const PROXY = 'http://proxy.example.com:3128';

/** The address of the proxy for a URL, or undefined. */
function proxied(url: string, environment: Readonly<Record<string, string>>): string | undefined {
  return proxyFor(new URL(url), environment)?.url.href;
}

test.each<[url: string, environment: Record<string, string>, proxy: string | undefined]>([
  ['https://api.example.org', {}, undefined],
  ['https://api.example.org', { HTTPS_PROXY: PROXY }, `${PROXY}/`],
  ['http://api.example.org', { HTTPS_PROXY: PROXY }, undefined],
  ['https://api.example.org', { HTTP_PROXY: PROXY }, `${PROXY}/`],
  ['http://api.example.org', { HTTP_PROXY: PROXY, HTTPS_PROXY: 'http://other:1' }, `${PROXY}/`],
  ['https://api.example.org', { https_proxy: 'http://lower:1', HTTPS_PROXY: PROXY }, 'http://lower:1/'],
  ['https://api.example.org', { HTTPS_PROXY: 'proxy.example.com:3128' }, `${PROXY}/`],
  ['https://api.example.org', { HTTPS_PROXY: 'https://proxy.example.com' }, 'https://proxy.example.com/'],
  ['https://localhost:4643', { HTTPS_PROXY: PROXY }, undefined],
  ['http://127.0.0.1:4600', { HTTP_PROXY: PROXY }, undefined],
  ['http://[::1]:4600', { HTTP_PROXY: PROXY }, undefined],
])('the proxy for %s with %j', (url, environment, proxy) => {
  expect(proxied(url, environment)).toBe(proxy);
});

test.each<[list: string, url: string, exempt: boolean]>([
  ['*', 'https://api.example.org', true],
  ['api.example.org', 'https://api.example.org', true],
  ['example.org', 'https://api.example.org', true],
  ['.example.org', 'https://api.example.org', true],
  ['*.example.org', 'https://api.example.org', true],
  ['EXAMPLE.ORG', 'https://api.example.org', true],
  ['other.example, api.example.org', 'https://api.example.org', true],
  ['other.example api.example.org', 'https://api.example.org', true],
  ['api.example.org:443', 'https://api.example.org', true],
  ['api.example.org:80', 'https://api.example.org', false],
  ['api.example.org:8443', 'https://api.example.org:8443', true],
  ['ample.org', 'https://api.example.org', false],
  ['example.org.evil', 'https://api.example.org', false],
  ['', 'https://api.example.org', false],
  [',', 'https://api.example.org', false],
])('NO_PROXY=%s for %s', (list, url, exempt) => {
  expect(proxied(url, { HTTPS_PROXY: PROXY, NO_PROXY: list })).toBe(exempt ? undefined : `${PROXY}/`);
});

test.each([
  ['http://name:pass%40word@proxy.example.com:3128', 'name:pass@word'],
  ['http://name@proxy.example.com:3128', 'name:'],
  ['http://name:100%@proxy.example.com:3128', 'name:100%'],
])('what %s proves to the proxy stands in a header, and not in its address', (address, credentials) => {
  const proxy = proxyFor(new URL('https://api.example.org'), { HTTPS_PROXY: address });
  expect(proxy?.url.href).toBe(`${PROXY}/`);
  expect(atob(proxy?.headers['proxy-authorization']?.replace('Basic ', '') ?? '')).toBe(credentials);
});

test.each([
  ['socks5://proxy.example.com', /HTTPS_PROXY is a proxy URL with socks5:/],
  ['http://', /HTTPS_PROXY is not the address of a proxy/],
  ['http://name:secret@:3128', /HTTPS_PROXY is not the address of a proxy/],
])('%s is refused without a word of what stands in it', (address, message) => {
  const find = () => proxyFor(new URL('https://api.example.org'), { HTTPS_PROXY: address });
  expect(find).toThrow(message);
  expect(find).not.toThrow(/secret/);
});
