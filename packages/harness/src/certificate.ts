import { createPrivateKey, randomBytes, webcrypto, X509Certificate } from 'node:crypto';
import { mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { hostname, networkInterfaces } from 'node:os';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ConnectorError } from '@connectorkit/sdk/emulator';
import { makeFolder } from '@connectorkit/sdk/node';
import { readRegularFile } from './regular-file.ts';

/** Certificate of a TLS listener, and the one that its clients have to trust. */
export interface Certificate {
  /** PEM. */
  readonly text: string;
  /** PEM; for the owner alone. */
  readonly key: string;
  /** Where the certificate lies, for NODE_EXTRA_CA_CERTS; absent when it is kept in memory alone. */
  readonly file?: string;
}

/** Bytes; a certificate or a key of ours has less than one thousand. */
const LARGEST = 64 * 1024;
const NAMES = ['localhost', '127.0.0.1', '::1'];
const DAY = 86_400_000;
/** Some systems trust no certificate that is valid for longer. */
const VALIDITY = 397 * DAY;
/** So much of its time must be left for a certificate to be used once more. */
const LEAST = 30 * DAY;

/**
 * The certificate for this machine's own names and `host`: the one in the folder, or a new one, which is kept there,
 * for each other host in files of its own. It signs for itself and for nothing else, so that trusting it trusts no other;
 * a file that holds anything else is replaced.
 * @throws ConnectorError usage `harness/certificate` when the folder cannot be read or written.
 */
export async function certificateFor(host: string, folder: string | undefined): Promise<Certificate> {
  const names = [...new Set([...NAMES, ...namesOf(host)])];
  if (folder === undefined) return make(names);
  const base = NAMES.includes(host) ? 'harness-tls' : `harness-tls-${host.replace(/[^\w.-]/g, '_')}`;
  const file = resolve(folder, `${base}.crt`);
  const keyFile = resolve(folder, `${base}.key`);
  try {
    const kept = read(file, keyFile, names);
    if (kept !== undefined) return kept;
    makeFolder(folder);
    return await alone(`${file}.lock`, async () => {
      // Another harness may have made one in the meantime.
      const theirs = read(file, keyFile, names);
      if (theirs !== undefined) return theirs;
      const { text, key } = await make(names);
      await Promise.all([rm(file, { force: true }), rm(keyFile, { force: true })]);
      await writeFile(keyFile, key, { flag: 'wx', mode: 0o600 });
      await writeFile(file, text, { flag: 'wx', mode: 0o644 });
      return { text, key, file };
    });
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === undefined) throw cause;
    throw new ConnectorError(
      'usage',
      {
        code: 'harness/certificate',
        message: `The certificate in ${file} cannot be read or made: ${message}.`,
        hint: 'Make the folder writable, or leave --tls-port out.',
      },
      { cause },
    );
  }
}

/** Names by which others reach the address: for all interfaces, the name of the machine and each of its addresses. */
function namesOf(host: string): readonly string[] {
  if (host !== '0.0.0.0' && host !== '::') return [host];
  const addresses = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
  // An address with a zone is one of this machine's own links.
  return [hostname(), ...addresses.map(({ address }) => address).filter((address) => !address.includes('%'))];
}

/** Milliseconds after which a lock is thought to be left behind by a process that died. */
const STALE = 10_000;

/** Works while no other process does: a folder can be made by one alone. */
async function alone<Made>(lock: string, work: () => Promise<Made>): Promise<Made> {
  for (;;) {
    try {
      await mkdir(lock);
      break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      const since = (await stat(lock).catch(() => undefined))?.mtimeMs ?? Date.now();
      if (Date.now() - since > STALE) await rm(lock, { recursive: true, force: true });
      else await sleep(20);
    }
  }
  try {
    return await work();
  } finally {
    await rm(lock, { recursive: true, force: true });
  }
}

/** Reads a kept certificate, if it and its key are a pair, for these names, and still valid for long enough. */
function read(file: string, keyFile: string, names: readonly string[]): Certificate | undefined {
  const [text, key] = [file, keyFile].map((each) => readRegularFile(each, LARGEST)?.toString('utf8'));
  if (text === undefined || key === undefined) return undefined;
  try {
    const certificate = new X509Certificate(text);
    const lasts = Date.parse(certificate.validTo) - Date.now() > LEAST;
    const isPair = lasts && isOurs(certificate, text, names) && certificate.checkPrivateKey(createPrivateKey(key));
    return isPair ? { text, key, file } : undefined;
  } catch {
    // Not a certificate, or not a key: both are made anew.
    return undefined;
  }
}

/** Server authentication, and nothing else. */
const USAGES = ['1.3.6.1.5.5.7.3.1'];

/** Checks if a certificate is one that we make, for these names exactly, and the text holds no other. */
function isOurs(certificate: X509Certificate, text: string, names: readonly string[]): boolean {
  const lasting = Date.parse(certificate.validTo) - Date.parse(certificate.validFrom);
  return (
    withoutSpace(certificate.toString()) === withoutSpace(text) &&
    !certificate.ca &&
    certificate.issuer === certificate.subject &&
    SUBJECT.test(certificate.subject) &&
    certificate.verify(certificate.publicKey) &&
    String(certificate.keyUsage) === String(USAGES) &&
    lasting <= VALIDITY &&
    String(namesIn(certificate)) === String([...names].map(normal).sort())
  );
}

const SUBJECT = /^CN=connectorkit harness [0-9a-f]{8}$/;

/** The names that a certificate is for, sorted. */
function namesIn({ subjectAltName = '' }: X509Certificate): readonly string[] {
  return subjectAltName
    .split(', ')
    .map((entry) => normal(entry.replace(/^(DNS|IP Address):/, '')))
    .sort();
}

/** Addresses of version 6 have many forms. */
function normal(name: string): string {
  return isIP(name) === 6 ? new URL(`http://[${name}]`).hostname : name;
}

function withoutSpace(text: string): string {
  return text.replace(/\s+/g, '');
}

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

/** Loads what makes certificates: about a fifth of a second, once for a folder. */
async function make(names: readonly string[]): Promise<Certificate> {
  // The library's own container needs it, and says so when it is not there.
  await import('reflect-metadata');
  const x509 = await import('@peculiar/x509');
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    // A subject of its own: another certificate of the same name must not be taken for this one.
    name: [{ CN: [`connectorkit harness ${randomBytes(4).toString('hex')}`] }],
    keys,
    signingAlgorithm: ALGORITHM,
    notBefore: new Date(Date.now() - DAY),
    notAfter: new Date(Date.now() + VALIDITY - DAY),
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension(
        names.map((value) => ({ type: isIP(value) ? ('ip' as const) : ('dns' as const), value })),
      ),
    ],
  });
  const key = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey);
  return { text: `${certificate.toString('pem')}\n`, key: x509.PemConverter.encode(key, 'PRIVATE KEY') };
}
