import 'reflect-metadata';
import { execFileSync } from 'node:child_process';
import { webcrypto, X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHarness } from '@connectorkit/harness';
import * as x509 from '@peculiar/x509';
import { afterEach, describe, expect, test } from 'vitest';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'certificate-'));
  folders.push(made);
  return made;
}

describe('a certificate that came from elsewhere is not offered', () => {
  const SUBJECT = 'CN=connectorkit harness 0123abcd';
  const NAMES = ['localhost', '127.0.0.1', '::1'];
  const OURS = {
    ca: false,
    subject: SUBJECT,
    names: NAMES,
    days: 90,
    usages: [x509.ExtendedKeyUsage.serverAuth],
  };

  /** What we make, but for what is given. */
  async function foreign(given: Partial<typeof OURS> & { readonly issuer?: string }) {
    const { ca, subject, names, days, usages } = { ...OURS, ...given };
    const { issuer = subject } = given;
    const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
    const pair = () => webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
    const keys = await pair();
    const signing = issuer === subject ? keys : await pair();
    const certificate = await x509.X509CertificateGenerator.create({
      subject,
      issuer,
      publicKey: keys.publicKey,
      signingKey: signing.privateKey,
      signingAlgorithm: algorithm,
      notBefore: new Date(Date.now() - 86_400_000),
      notAfter: new Date(Date.now() + days * 86_400_000),
      extensions: [
        new x509.BasicConstraintsExtension(ca, undefined, true),
        new x509.ExtendedKeyUsageExtension(usages),
        new x509.SubjectAlternativeNameExtension(
          names.map((value) => ({ type: isIP(value) ? ('ip' as const) : ('dns' as const), value })),
        ),
      ],
    });
    const key = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey);
    return { text: `${certificate.toString('pem')}\n`, key: x509.PemConverter.encode(key, 'PRIVATE KEY') };
  }

  /** What a harness offers that finds a pair in its folder. */
  async function offered({ text, key }: { text: string; key: string }) {
    const certificateFolder = folder();
    writeFileSync(join(certificateFolder, 'harness-tls.crt'), text);
    writeFileSync(join(certificateFolder, 'harness-tls.key'), key);
    const harness = await createHarness({ tlsPort: 0, certificateFolder });
    await harness.close();
    const { certificate } = harness;
    expect(readFileSync(certificate?.file ?? '', 'utf8')).toBe(certificate?.text);
    return certificate?.text;
  }

  test.skipIf(process.platform === 'win32')('a pipe or a device in the place of one', async () => {
    for (const name of ['harness-tls.crt', 'harness-tls.key']) {
      const certificateFolder = folder();
      const file = join(certificateFolder, name);
      execFileSync('mkfifo', [file]);
      const started = createHarness({ tlsPort: 0, certificateFolder });
      await expect(started).rejects.toThrow('cannot be read or made: it is not a regular file');
      rmSync(file);
      symlinkSync('/dev/zero', file);
      await expect(createHarness({ tlsPort: 0, certificateFolder })).rejects.toThrow('it is not a regular file');
    }
  });

  test('what we make ourselves is', async () => {
    const own = await foreign({});
    expect(await offered(own)).toBe(own.text);
  });

  test.each([
    ['an authority', { ca: true }],
    ['one for a host more', { names: [...NAMES, 'eu1.make.com'] }],
    ['one for any host', { names: ['localhost', '127.0.0.1', '::1', '*.com'] }],
    ['one for a host less', { names: ['localhost', '127.0.0.1'] }],
    ['one that others signed', { issuer: 'CN=connectorkit harness ffffffff' }],
    ['one of another name', { subject: 'CN=Somebody' }],
    ['one that lasts for years', { days: 3650 }],
    ['one for other uses', { usages: [x509.ExtendedKeyUsage.serverAuth, x509.ExtendedKeyUsage.codeSigning] }],
    ['one without a use', { usages: [] }],
  ])('%s', async (_, given) => {
    const pair = await foreign(given);
    const text = await offered(pair);
    expect(text).not.toContain(pair.text.slice(60, 160));
    expect(new X509Certificate(text ?? '').ca).toBe(false);
  });

  test('one with an authority behind it', async () => {
    const [own, authority] = await Promise.all([foreign({}), foreign({ ca: true })]);
    for (const text of [own.text + authority.text, `${authority.text}${own.text}`, `${own.text}# more\n`]) {
      expect(await offered({ ...own, text })).not.toContain(own.text.slice(60, 160));
    }
  });
});
