/** Content types and algorithms whose strings are sealed; `levels`: how many containers up the sealing reaches. */
export interface Sealing {
  readonly scheme: string;
  readonly levels: 1 | 2;
}

const contentType = (scheme: string): Sealing => ({ scheme, levels: 1 });
const algorithm = (scheme: string): Sealing => ({ scheme, levels: 2 });

/** Object identifiers in hexadecimal, without tag and length. RFC 5652, RFC 5083, RFC 8018, RFC 7292. */
export const sealings: Readonly<Record<string, Sealing>> = {
  '2a864886f70d010703': contentType('CMS enveloped data'),
  '2a864886f70d010706': contentType('CMS encrypted data'),
  '2a864886f70d0109100117': contentType('CMS authenticated enveloped data'),
  '2a864886f70d01050d': algorithm('PKCS#5 PBES2'),
  '2a864886f70d010501': algorithm('PKCS#5 PBE, MD2 and DES'),
  '2a864886f70d010503': algorithm('PKCS#5 PBE, MD5 and DES'),
  '2a864886f70d01050a': algorithm('PKCS#5 PBE, SHA-1 and DES'),
  // Key protectors of the JDK: sun.security.provider.KeyProtector, com.sun.crypto.provider.KeyProtector.
  '2b060104012a02110101': algorithm('Java key store, SHA-1 key stream'),
  '2b060104012a021301': algorithm('Java key store, PBE with MD5 and 3DES'),
  '2a864886f70d010c0101': algorithm('PKCS#12 PBE, RC4 128'),
  '2a864886f70d010c0102': algorithm('PKCS#12 PBE, RC4 40'),
  '2a864886f70d010c0103': algorithm('PKCS#12 PBE, 3DES'),
  '2a864886f70d010c0104': algorithm('PKCS#12 PBE, 2-key 3DES'),
  '2a864886f70d010c0105': algorithm('PKCS#12 PBE, RC2 128'),
  '2a864886f70d010c0106': algorithm('PKCS#12 PBE, RC2 40'),
};

/** Ciphers, for the strength of what is sealed. */
export const ciphers: Readonly<Record<string, string>> = {
  '60864801650304012a': 'AES-256-CBC',
  '60864801650304012e': 'AES-256-GCM',
  '608648016503040116': 'AES-192-CBC',
  '60864801650304011a': 'AES-192-GCM',
  '608648016503040102': 'AES-128-CBC',
  '608648016503040106': 'AES-128-GCM',
  '2a864886f70d0307': '3DES-CBC',
  '2a864886f70d0302': 'RC2-CBC',
  '2b0e030207': 'DES-CBC',
  '2a831a8c9a44010104': 'SEED-CBC',
};

/** Arcs below which nearly all identifiers lie that certificates, keys and messages use. */
export const usualArcs: readonly string[] = [
  ...[
    '2a8648',
    '2b06010505',
    '2b06010401',
    '2b0e0302',
    '2b8104',
    '2b2403',
    '2b65',
    '6086480165',
    '608648018',
    '67810c',
  ],
  ...['5504', '551d', '550', '0992268993f22c64', '2a85', '2a81'],
];
